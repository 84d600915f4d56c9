package dev.switchover.dualwrite;

import dev.switchover.postgres.DatabaseUrl;
import dev.switchover.postgres.PostgresSettings;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.SchemaLook;
import dev.switchover.postgres.SchemaMode;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.ArrayList;
import java.util.List;

/** The tables in the database, looked at and made, of {@link Operator#tables}. Thread-safe. */
public final class OperatorTables {

    /** Flyway holds one for its history while another one migrates. */
    private static final int MAKING = 3;

    private final Beside beside;

    OperatorTables(Beside beside) {
        this.beside = beside;
    }

    /** What the database has of them, without changing anything. */
    public SchemaReport look() {
        SchemaLook look = beside.configuredPostgres().look();
        List<String> problems = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : beside.schemas()) {
            problems.addAll(look.table(schema).problems());
            missing.addAll(look.table(schema).missing());
        }
        return new SchemaReport(look.own(), problems, missing);
    }

    /**
     * Creates and upgrades them, whatever {@code SWITCHOVER_SCHEMA} says; the service may be running.
     *
     * @throws dev.switchover.storage.StartRefusedException if a table does not fit, or the library's own are missing and Flyway is
     *     not on the class path; it has the SQL
     */
    public SchemaReport apply() {
        // In a pool of its own, for the mode is one of its settings.
        PostgresSettings settings = beside.configuration()
                .postgres()
                .orElseThrow(Beside::notConfigured)
                .poolSize(MAKING)
                .applicationName("switchover-operator")
                .schemaMode(SchemaMode.APPLY);
        try (PostgresStore making = PostgresStore.open(settings, beside.schemas())) {
            making.setUpSchema();
        }
        return look();
    }

    /** The SQL of all, for whoever applies it by hand; asks no database. They will be in the schema of whoever runs it. */
    public String sql() {
        PostgresSettings settings = beside.configuration()
                .postgres()
                .orElseGet(() -> PostgresSettings.of(DatabaseUrl.parse("postgresql://localhost/unused")));
        return PostgresStore.schemaSql(settings, beside.schemas());
    }

    /**
     * SQL of optional triggers that record as pending what others write into the tables of the records while PostgreSQL is the
     * authority, so that the mirror gets it too.
     */
    public String triggerSql() {
        return String.join(";\n\n", beside.postgres().markTriggers().sql()) + ";\n";
    }

    /** Creates these triggers, or replaces them; the service may be running. */
    public void applyTrigger() {
        beside.postgres().markTriggers().create();
    }

    /** Takes them away. */
    public void removeTrigger() {
        beside.postgres().markTriggers().remove();
    }
}
