package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.schema.CollectionSchema;

/** Makes the mirror ready for a collection: connects, creates its tables, lets it join the authority in its ledger. */
@FunctionalInterface
public interface MirrorPreparation {

    /**
     * Called by the worker before each session, on its thread; nothing may be left half done by a failure.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if the mirror does not answer: tried again
     * @throws dev.switchover.storage.StartRefusedException if this collection must not be mirrored; tried again from time to
     *     time, other collections go on
     */
    void prepare(CollectionSchema<?, ?> schema);
}
