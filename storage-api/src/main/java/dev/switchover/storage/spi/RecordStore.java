package dev.switchover.storage.spi;

import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.List;

/**
 * One store, JSON or PostgreSQL, in whichever role its ledger gives it. Each of its duties is an interface of its own.
 *
 * <p>Thread-safe. Every call ends within the store's configured deadlines. A call that fails has changed nothing, but for
 * {@link dev.switchover.storage.UnknownOutcomeException}.
 *
 * <ul>
 *   <li>As <b>primary</b> ({@link RecordAccess}): a write is accepted only while the store's ledger entry is active, confirmed
 *       and of the epoch given to {@link #serve}; it and, unless {@link Mirroring#OFF} says so, its pending mark are one
 *       durable step.
 *   <li>As <b>mirror</b> ({@link MirrorTarget}): an apply is accepted only under the current epoch and term.
 *   <li>For the <b>reconciler</b>: {@link #scan} gives everything in id order.
 * </ul>
 */
public interface RecordStore extends RecordAccess, AutoCloseable {

    Store store();

    List<CollectionSchema<?, ?>> schemas();

    Ledger ledger();

    PendingSet pending();

    MirrorTarget mirrorTarget();

    /** The envelope first, if the collection has one, then all records in {@code IdType.order()}, as of one moment. */
    RecordCursor scan(CollectionSchema<?, ?> schema);

    /**
     * Makes the store ready, again after each loss of it: connects, creates or checks its tables. Creating the object does no
     * input or output on a database, so that a service can start while its mirror is away.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if the store does not answer
     * @throws dev.switchover.storage.StartRefusedException if its tables do not fit
     */
    void prepare();

    /** Whether there is any record, or, in JSON, any file. */
    boolean hasRecords(CollectionSchema<?, ?> schema);

    /** From now on writes of this instance carry this epoch. Before the first call every write is fenced. */
    void serve(CollectionSchema<?, ?> schema, long epoch);

    /**
     * Asks whether the store answers and still has what this process has seen in the collections it serves.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if it does not answer
     * @throws dev.switchover.storage.FencedException if it went back in time
     */
    void ping();

    @Override
    void close();
}
