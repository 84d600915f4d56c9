package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates or checks the tables, as {@link SchemaMode} says. Several instances may do it at once. */
final class SchemaSetup {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.postgres");
    private static final Subject SUBJECT = new Subject("the tables", null);

    /** What IF NOT EXISTS still throws when two create the same at once. */
    private static final Set<String> RACES = Set.of("23505", "42P07", "42710", "42701", "XX000", "40P01", "55P03");

    private static final int ATTEMPTS = 10;

    private final Database database;
    private final Names names;
    private final PostgresSettings settings;
    private final List<CollectionSchema<?, ?>> schemas;

    SchemaSetup(Database database, Names names, PostgresSettings settings, List<CollectionSchema<?, ?>> schemas) {
        this.database = database;
        this.names = names;
        this.settings = settings;
        this.schemas = schemas;
    }

    /** All SQL, for whoever applies it by hand. */
    static String sql(Names names, List<CollectionSchema<?, ?>> schemas) {
        StringBuilder sql = new StringBuilder();
        if (names.schema() != null) {
            sql.append("CREATE SCHEMA IF NOT EXISTS ")
                    .append(Names.quote(names.schema()))
                    .append(";\n");
            sql.append("SET search_path TO ")
                    .append(Names.quote(names.schema()))
                    .append(";\n\n");
        }
        sql.append(OwnTables.sql());
        for (CollectionSchema<?, ?> schema : schemas) {
            sql.append("-- collection ").append(schema.name()).append('\n');
            TableSql.create(schema, names)
                    .forEach(statement -> sql.append(statement).append(";\n\n"));
        }
        return sql.toString();
    }

    /** @throws StartRefusedException if something does not fit */
    void run(Capabilities capabilities) {
        SchemaMode mode = settings.schemaMode();
        if (mode == SchemaMode.OFF) {
            return;
        }
        if (mode == SchemaMode.PRINT) {
            LOG.info("The SQL of Switchover's tables:\n{}", sql(names, schemas));
        }
        boolean apply = mode == SchemaMode.APPLY;
        List<String> own = ownProblems();
        if (!own.isEmpty() && apply && flywayIsAvailable()) {
            FlywayMigration.migrate(database.dataSource(), settings.schema());
            own = ownProblems();
        }
        if (!own.isEmpty()) {
            throw new StartRefusedException(
                    "SCHEMA-MISSING",
                    own,
                    (apply
                                    ? "Put Flyway (flyway-core and flyway-database-postgresql) on the class path, or apply"
                                    : "Apply")
                            + " this SQL:\n" + sql(names, schemas),
                    null);
        }
        List<TableCheck> checks = check();
        refuseProblems(checks);
        if (checks.stream().allMatch(check -> check.missing().isEmpty())) {
            return;
        }
        if (!apply) {
            List<String> missing =
                    checks.stream().flatMap(check -> check.missing().stream()).toList();
            throw new StartRefusedException(
                    "SCHEMA-MISSING",
                    List.of(missing.size() + " statements have not been applied to the records' tables"),
                    "Apply this SQL:\n" + String.join(";\n\n", missing) + ";",
                    null);
        }
        apply(capabilities);
        refuseProblems(check());
    }

    private List<String> ownProblems() {
        return database.read(SUBJECT, connection -> OwnTables.problems(connection, names));
    }

    private List<TableCheck> check() {
        return database.read(SUBJECT, this::check);
    }

    private List<TableCheck> check(Connection connection) throws SQLException {
        List<TableCheck> checks = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            checks.add(TableCheck.of(connection, schema, names));
        }
        return checks;
    }

    private static void refuseProblems(List<TableCheck> checks) {
        List<String> problems =
                checks.stream().flatMap(check -> check.problems().stream()).toList();
        if (!problems.isEmpty()) {
            throw new StartRefusedException(
                    "SCHEMA-MISMATCH",
                    problems,
                    "Change the table, or the collection's definition, so that they fit; the table was not changed",
                    null);
        }
    }

    private void apply(Capabilities capabilities) {
        // Indexes and adopted tables take as long as the table is large.
        Transaction transaction = Transaction.writing("SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = "
                + settings.bulkTimeout().toMillis());
        for (int attempt = 1; ; attempt++) {
            boolean last = attempt == ATTEMPTS;
            boolean done = database.write(SUBJECT, connection -> {
                int before = connection.getNetworkTimeout();
                connection.setNetworkTimeout(
                        Runnable::run, (int) settings.bulkTimeout().toMillis());
                try {
                    return transaction.run(connection, applying -> applyMissing(applying, capabilities));
                } catch (SQLException e) {
                    if (!last && RACES.contains(String.valueOf(e.getSQLState()))) {
                        return false;
                    }
                    throw e;
                } finally {
                    if (!connection.isClosed()) {
                        connection.setNetworkTimeout(Runnable::run, before);
                    }
                }
            });
            if (done) {
                return;
            }
            LockSupport.parkNanos(attempt * 20_000_000L);
        }
    }

    private boolean applyMissing(Connection connection, Capabilities capabilities) throws SQLException {
        if (capabilities.advisoryLocks()) {
            Bind.execute(connection, "SELECT pg_advisory_xact_lock(" + "switchover/schema".hashCode() + ", 0)");
        }
        for (TableCheck check : check(connection)) {
            for (String sql : check.missing()) {
                Bind.execute(connection, sql);
            }
        }
        return true;
    }

    /** Asked here, for {@link FlywayMigration} itself cannot be loaded without Flyway. */
    static boolean flywayIsAvailable() {
        try {
            Class.forName("org.flywaydb.core.Flyway", false, SchemaSetup.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
