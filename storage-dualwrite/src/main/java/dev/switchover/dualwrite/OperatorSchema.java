package dev.switchover.dualwrite;

import dev.switchover.postgres.DatabaseUrl;
import dev.switchover.postgres.PostgresSettings;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.SchemaLook;
import dev.switchover.postgres.SchemaMode;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.ArrayList;
import java.util.List;

/** The tables, looked at and made. Thread-safe. */
final class OperatorSchema {

    /** Flyway holds one for its history while another one migrates. */
    private static final int MAKING = 3;

    private final Beside beside;

    OperatorSchema(Beside beside) {
        this.beside = beside;
    }

    SchemaReport look() {
        SchemaLook look = beside.configuredPostgres().look();
        List<String> problems = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : beside.schemas()) {
            problems.addAll(look.table(schema).problems());
            missing.addAll(look.table(schema).missing());
        }
        return new SchemaReport(look.own(), problems, missing);
    }

    /** In a pool of its own, for the mode is one of its settings. */
    SchemaReport apply() {
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

    /** Needs no database; the schema of the tables will be that of whoever runs it. */
    String sql() {
        PostgresSettings settings = beside.configuration()
                .postgres()
                .orElseGet(() -> PostgresSettings.of(DatabaseUrl.parse("postgresql://localhost/unused")));
        return PostgresStore.schemaSql(settings, beside.schemas());
    }
}
