package dev.switchover.storage.spi;

import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * The same for whoever asks for ids, versions and order only: bodies may be empty, and behind the envelope records come as they
     * lie, in no order. Records are not looked into.
     */
    default RecordCursor scanVersions(CollectionSchema<?, ?> schema) {
        return scan(schema);
    }

    /** All of these collections as of one moment. Holds a connection, in PostgreSQL, until it is closed. */
    RecordSnapshot snapshot(Collection<? extends CollectionSchema<?, ?>> schemas);

    /**
     * As primary, makes the collections hold exactly what is given, all of them in one durable step. What differs in body or
     * place gets a fresh version and, unless mirroring is off, a mark; what is not given is deleted; everything else stays as it
     * is. Counters never fall. Writers wait meanwhile, readers do not. PostgreSQL reads what is given as it goes along; JSON,
     * whose records are in memory, holds what differs.
     *
     * @param together whether the marks are of one unit of work, so that a mirror too takes them over in one step
     * @throws dev.switchover.storage.FencedException if this instance does not serve one of the collections
     * @throws dev.switchover.storage.RecordRefusedException if it is more than the store can do in one step
     */
    List<Restored> restore(List<Restoration> wanted, boolean together);

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
     * From now on this one is told, if the store lets callers share a commit. It takes the place of the one before.
     *
     * @param listener null for nobody
     */
    default void onGroupCommit(@Nullable GroupCommitListener listener) {}

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
