package dev.switchover.dualwrite.preflight;

import dev.switchover.json.JsonSettings;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files and the database and finds every record that would be refused or changed. Takes no lock, creates nothing,
 * writes nothing; others may go on writing meanwhile. Goes on behind what is wrong, and says so where it cannot.
 *
 * <p>Of each record the first offence is found; what else is wrong with it shows once that is mended. Memory: one collection's
 * file, as the JSON store needs it too, its ids, and 100 findings of each collection. Rows are streamed.
 */
public final class Preflight {

    private Preflight() {}

    /**
     * Looks at everything there is.
     *
     * @param postgres null if no database is configured; it need not have been prepared
     * @param findings is handed each finding when it is made, on the calling thread
     */
    public static PreflightReport run(
            JsonSettings settings,
            @Nullable PostgresStore postgres,
            List<CollectionSchema<?, ?>> schemas,
            Consumer<? super Finding> findings) {
        JsonSide json = JsonSide.of(settings, schemas);
        DatabaseSide database = postgres == null ? null : DatabaseSide.of(postgres);
        List<Tally> tallies = new ArrayList<>();
        long refusedInJson = 0;
        for (CollectionSchema<?, ?> schema : schemas) {
            Tally tally = new Tally(schema.name(), findings);
            tallies.add(tally);
            boolean mustBeEqual =
                    database != null && (database.hasRowsWithoutLedger(schema) || !json.hasLedger(schema));
            Map<RecordId, byte[]> kept = mustBeEqual ? new HashMap<>() : null;
            json.look(schema, tally, kept);
            refusedInJson += tally.refused();
            if (database != null) {
                database.look(schema, tally, kept == null || kept.isEmpty() ? null : kept);
            }
        }
        String failure = json.failure();
        if (failure != null && refusedInJson == 0 && !schemas.isEmpty()) {
            // Otherwise the records that are refused say why.
            tallies.get(0).accept(JsonSide.notRead(schemas.get(0), failure));
        }
        return new PreflightReport(tallies.stream().map(Tally::report).toList());
    }
}
