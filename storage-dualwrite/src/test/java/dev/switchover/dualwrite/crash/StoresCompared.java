package dev.switchover.dualwrite.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.reconcile.Difference;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.postgres.DatabaseUrl;
import dev.switchover.postgres.PostgresSettings;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Both stores of a world that nobody has open, side by side. */
final class StoresCompared {

    private StoresCompared() {}

    static void assertEqual(Path directory, String databaseUrl, String what) {
        List<CollectionSchema<?, ?>> schemas =
                List.of(CollectionSchema.of(Worlds.ENTRIES), CollectionSchema.of(Worlds.NOTES));
        try (JsonStore json = JsonStore.open(JsonSettings.of(directory), schemas);
                PostgresStore postgres =
                        PostgresStore.open(PostgresSettings.of(DatabaseUrl.parse(databaseUrl)), schemas)) {
            postgres.prepare();
            for (CollectionSchema<?, ?> schema : schemas) {
                List<Difference> differences = new ArrayList<>();
                new Reconciler().compare(json, postgres, schema, differences::add, Progress.NONE);
                assertThat(differences)
                        .as("%s: differences between JSON and PostgreSQL in %s", what, schema.name())
                        .isEmpty();
            }
        }
    }
}
