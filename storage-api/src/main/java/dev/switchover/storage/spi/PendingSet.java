package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The primary's durable set of pending ids. Marks are set by writes, in the same commit; everything here is for the mirror
 * worker, the reconciler and the operator. Thread-safe.
 *
 * <p>The mirror takes present states, not operations. So once a record of a unit of work has been written again, half of that unit
 * alone would be a state the primary never had: a write joins the units whose marks it replaces, and all marks joined that way
 * are taken together. That is bounded, see {@link #JOINED_AT_MOST}.
 *
 * <p>Calls with a fence throw {@link dev.switchover.storage.FencedException} unless the entry is active with this epoch and
 * term.
 */
public interface PendingSet {

    /**
     * About how many marks units that share records are joined up to. A unit that would make it more begins anew: then a mirror
     * that lags behind may show a record of it while others of the units before are still missing, until it has caught up.
     */
    int JOINED_AT_MOST = 10_000;

    /**
     * Marks that are not parked, oldest versions first, with the present state of their records as of the same moment. Whole
     * units of work: marks that share a unit come together, also beyond the bounds.
     *
     * @param records how many at most, about
     * @param bytes length of all bodies at most, about
     */
    PendingBatch take(Collection<CollectionSchema<?, ?>> schemas, int records, long bytes);

    /**
     * Removes each mark if it still has exactly this version. What is acknowledged is durable in the mirror, so the version counter
     * in {@link LedgerEntry#seen} becomes at least that of the newest mark removed, in the same step: a mirror behind it went back
     * in time, and a primary that lost the mark's write lost this too. Nothing is raised as long as no position has been noted.
     */
    void acknowledge(Map<CollectionSchema<?, ?>, Fence> fences, Collection<PendingMark> marks);

    /** Marks ids pending, each with a fresh version, whether the records exist or not; ids pending already stay so. */
    void mark(CollectionSchema<?, ?> schema, Fence fence, Collection<RecordId> ids);

    /** Parks the record if its mark still has exactly this version. */
    void park(Fence fence, PendingMark mark, String reason);

    List<ParkedRecord> parked(CollectionSchema<?, ?> schema);

    /** Makes parked records pending again. @return how many */
    int retry(CollectionSchema<?, ?> schema, Collection<RecordId> ids);

    /** Takes parked records out of the pending set; what they are is to be saved aside first. @return how many */
    int discard(CollectionSchema<?, ?> schema, Collection<RecordId> ids);

    PendingSummary summary(CollectionSchema<?, ?> schema);

    /** Marks that are not parked, oldest versions first; no more than {@code atMost}. To be looked at: nothing is taken. */
    List<PendingMark> marks(CollectionSchema<?, ?> schema, int atMost);

    /**
     * The present states of those of these records that exist and are neither pending nor parked, all as of one moment. A store that
     * would have to look for each of them may leave out any.
     */
    List<RawRecord> unmarked(CollectionSchema<?, ?> schema, Collection<RecordId> ids);

    /** Those of {@code ids} that are pending or parked. */
    List<RecordId> among(CollectionSchema<?, ?> schema, Collection<RecordId> ids);
}
