package dev.switchover.dualwrite.switchover;

import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordStore;
import org.jspecify.annotations.Nullable;

/** Saves what an authority has before another store becomes the authority. */
@FunctionalInterface
public interface OutgoingBackup {

    /** Saves nothing. */
    OutgoingBackup NONE = (authority, schema, phase) -> "";

    /**
     * Called while the authority still serves.
     *
     * @param phase it was last served in; null if it was never told
     * @return where it is, for the log; empty if nothing was saved
     * @throws dev.switchover.storage.StorageException if it cannot be saved; the authority is not changed then
     */
    String save(RecordStore authority, CollectionSchema<?, ?> schema, @Nullable Phase phase);
}
