package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.reconcile.SavedAside;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Path;
import java.time.Clock;

/** Where records go that are about to be overwritten and were not known to be superseded. */
@FunctionalInterface
public interface AsideFiles {

    SavedAside open(CollectionSchema<?, ?> schema, String reason);

    /** Files beside the journal of the JSON store in {@code directory}. */
    static AsideFiles in(Path directory, Clock clock) {
        return (schema, reason) -> new SavedAside(directory, schema, reason, clock);
    }
}
