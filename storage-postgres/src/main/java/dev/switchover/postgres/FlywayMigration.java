package dev.switchover.postgres;

import dev.switchover.storage.StartRefusedException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Creates and upgrades the own tables. Apart, so that Flyway is loaded only where it is on the class path. It keeps a
 * history of its own, beside that of a host's Flyway.
 */
final class FlywayMigration {

    private static final String HISTORY = "switchover_schema_history";

    private FlywayMigration() {}

    static void migrate(DataSource dataSource, @Nullable String schema) {
        FluentConfiguration configuration = Flyway.configure(FlywayMigration.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:" + OwnTables.LOCATION)
                .table(HISTORY)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .connectRetries(0);
        if (schema != null) {
            configuration.schemas(schema).defaultSchema(schema);
        }
        try {
            configuration.load().migrate();
        } catch (FlywayException e) {
            throw new StartRefusedException(
                    "SCHEMA-MIGRATION",
                    "Flyway could not create or upgrade Switchover's own tables: "
                            + e.getClass().getSimpleName() + reason(e),
                    "Look at the table " + HISTORY + ", or apply the SQL by hand and start with SchemaMode.VALIDATE");
        }
    }

    private static String reason(FlywayException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.sql.SQLException sql) {
                return ", " + SqlFailure.of(sql).reason();
            }
        }
        return "";
    }
}
