package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.reconcile.Difference;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.postgres.DatabaseUrl;
import dev.switchover.postgres.PostgresSettings;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compares the two stores of a storage that is closed, record by record, order and envelope included. */
public final class BothStores {

    private BothStores() {}

    public static void assertEqual(Path directory, String databaseUrl, List<CollectionDefinition<?, ?>> definitions) {
        List<CollectionSchema<?, ?>> schemas = new ArrayList<>();
        definitions.forEach(definition -> schemas.add(CollectionSchema.of(definition)));
        try (JsonStore json = JsonStore.open(JsonSettings.of(directory), schemas);
                PostgresStore postgres =
                        PostgresStore.open(PostgresSettings.of(DatabaseUrl.parse(databaseUrl)), schemas)) {
            postgres.prepare();
            for (CollectionSchema<?, ?> schema : schemas) {
                List<Difference> differences = new ArrayList<>();
                new Reconciler().compare(json, postgres, schema, differences::add, Progress.NONE);
                assertThat(differences)
                        .as("differences between JSON and PostgreSQL in " + schema.name())
                        .isEmpty();
            }
        }
    }
}
