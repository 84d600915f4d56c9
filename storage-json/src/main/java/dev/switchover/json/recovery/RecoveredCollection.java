package dev.switchover.json.recovery;

import dev.switchover.json.checkpoint.SavedFile;
import dev.switchover.json.records.CollectionState;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A collection as it is to be served.
 *
 * @param saved what the next checkpoint starts from
 * @param aside a file to be saved aside before anything is written over it
 * @param note what people have to know, or null
 */
public record RecoveredCollection(
        CollectionState state,
        SavedFile saved,
        @Nullable Path aside,
        @Nullable String note) {

    /** Whether a checkpoint has to be written before the collection is served. */
    public boolean needsCheckpoint() {
        return saved.sequence() < 0;
    }
}
