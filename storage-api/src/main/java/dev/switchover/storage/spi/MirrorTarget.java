package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A store as the receiver of another one's records. Applying is idempotent. Thread-safe.
 *
 * <p>Calls throw {@link dev.switchover.storage.FencedException} unless the entry is {@link State#MIRROR} or {@link
 * State#RECEIVING} with the fence's epoch and term, or if the store lacks what was applied under this fence before, for then
 * it went back in time; {@link dev.switchover.storage.RecordRefusedException} if the store takes a
 * record for no error of connection or time, and then nothing of the batch is applied.
 */
public interface MirrorTarget {

    /**
     * Takes over all of the changes, or none.
     *
     * @param highestIds the primary's highest ids, to be kept with the records
     */
    void apply(
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<MirrorChange> changes,
            Map<CollectionSchema<?, ?>, Long> highestIds);

    /**
     * Takes over each of these units of work whole or not at all, not all of them as one step: if it fails, any of them may be there. No
     * record is in two of them.
     */
    default void applyApart(
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<List<MirrorChange>> units,
            Map<CollectionSchema<?, ?>, Long> highestIds) {
        apply(fences, units.stream().flatMap(List::stream).toList(), highestIds);
    }

    /** {@link #apply} for callers whom it may hold up no longer than this. Null if the store cannot promise that. */
    default @Nullable BoundedApply within(Duration atMost) {
        return null;
    }

    /**
     * Everything applied so far under these fences is durable when this returns. Only then may it be acknowledged.
     *
     * @throws dev.switchover.storage.FencedException if the store has lost some of it
     */
    void force(Map<CollectionSchema<?, ?>, Fence> fences);

    /**
     * Takes over many changes of one collection, in any order, as fast as the store can, and durably; not as one step: if it fails,
     * any of them may be there. Only by whoever applies to the collection. What of a load is given up for lost, and comes late, changes
     * nothing that a later apply or load has changed.
     *
     * @return how many
     */
    long load(CollectionSchema<?, ?> schema, Fence fence, Iterator<MirrorChange> changes);
}
