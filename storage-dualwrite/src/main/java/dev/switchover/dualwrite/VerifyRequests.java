package dev.switchover.dualwrite;

import dev.switchover.dualwrite.request.RequestHandlers;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.json.JsonStore;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.Map;

/** A service has its records in memory, so it is asked to verify by who would have to read them from its files. */
final class VerifyRequests {

    static final String KIND = "verify";

    private static final String COLLECTION = "collection";
    private static final String QUICK = "quick";

    private VerifyRequests() {}

    /** @param inspection of the service */
    static RequestHandlers handlers(RequestHandlers others, Inspection inspection) {
        return others.with(KIND, (request, held, progress) -> {
            CollectionSchema<?, ?> schema = held.schema(request, COLLECTION);
            CopyProgress told = step -> progress.at(step.done(), step.total(), "comparing " + step.collection());
            boolean quick = Boolean.parseBoolean(request.arguments().get(QUICK));
            JsonStore json = held.json(); // never its files, which would be held beside everything else
            // Who has lost the directory has what others have replaced, and leaves the answer to them.
            if (!json.holdsDirectory()) {
                throw new StorageClosedException();
            }
            return inspection
                    .verify(StoreView.of(json), schema, quick, told, finding -> {})
                    .toJson();
        });
    }

    /** @param quick by id and version */
    static Map<String, String> arguments(CollectionSchema<?, ?> schema, boolean quick) {
        return Map.of(COLLECTION, schema.name(), QUICK, String.valueOf(quick));
    }
}
