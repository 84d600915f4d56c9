package dev.switchover.postgres;

import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.io.Reader;
import java.io.StringReader;
import java.sql.SQLException;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * Creates and upgrades the own tables. Apart, so that Flyway is loaded only where it is on the class path. It keeps a
 * history of its own, beside that of a host's Flyway.
 */
final class FlywayMigration {

    private static final String HISTORY = "switchover_schema_history";

    /** Between its look for the history table and its creation another instance may create it. */
    private static final int ATTEMPTS = 6;

    private FlywayMigration() {}

    static void migrate(DataSource dataSource, @Nullable String schema) {
        FluentConfiguration configuration = Flyway.configure(FlywayMigration.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:" + OwnTables.LOCATION)
                .resourceProvider(new OwnFiles())
                .table(HISTORY)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .connectRetries(0);
        if (schema != null) {
            configuration.schemas(schema).defaultSchema(schema);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                configuration.load().migrate();
                return;
            } catch (FlywayException e) {
                SQLException sql = sqlCause(e);
                if (sql != null && unreachable(sql)) {
                    throw new StoreUnavailableException(
                            Store.POSTGRESQL,
                            "PostgreSQL was lost while Switchover's own tables were created: "
                                    + SqlFailure.of(sql).reason(),
                            null);
                }
                if (attempt == ATTEMPTS) {
                    throw refused(e, sql);
                }
            }
            LockSupport.parkNanos(attempt * 50_000_000L);
        }
    }

    /** By name: Flyway would list the folder, which a jar without entries for its folders does not have. */
    private static final class OwnFiles implements ResourceProvider {

        @Override
        public @Nullable LoadableResource getResource(String name) {
            return OwnTables.FILES.contains(name) ? new OwnFile(name) : null;
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
            return OwnTables.FILES.stream()
                    .filter(name ->
                            name.startsWith(prefix) && Stream.of(suffixes).anyMatch(name::endsWith))
                    .<LoadableResource>map(OwnFile::new)
                    .toList();
        }
    }

    private static final class OwnFile extends LoadableResource {

        private final String name;

        OwnFile(String name) {
            this.name = name;
        }

        @Override
        public Reader read() {
            return new StringReader(OwnTables.read(name));
        }

        @Override
        public String getAbsolutePath() {
            return OwnTables.LOCATION + "/" + name;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return getAbsolutePath();
        }

        @Override
        public String getFilename() {
            return name;
        }

        @Override
        public String getRelativePath() {
            return name;
        }
    }

    private static boolean unreachable(SQLException failure) {
        SqlFailure.Kind kind = SqlFailure.of(failure).kind();
        return kind == SqlFailure.Kind.UNAVAILABLE || kind == SqlFailure.Kind.LOST;
    }

    private static StartRefusedException refused(FlywayException failure, @Nullable SQLException sql) {
        return new StartRefusedException(
                "SCHEMA-MIGRATION",
                "Flyway could not create or upgrade Switchover's own tables: " + failure.getErrorCode()
                        + (sql == null ? "" : ", " + SqlFailure.of(sql).reason()),
                "Remove the cause (see " + HISTORY + ", if it is there), or start with SWITCHOVER_SCHEMA=validate or"
                        + " SchemaMode.VALIDATE: it prints the SQL to apply by hand");
    }

    private static @Nullable SQLException sqlCause(FlywayException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
