package dev.switchover.storage.spi;

import dev.switchover.storage.Query;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reading and writing raw records as a repository needs it: a store in the role of the primary, or the router over two of
 * them. Thread-safe.
 */
public interface RecordAccess {

    Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id);

    /** The matching records, in the query's order. */
    List<RawRecord> list(CollectionSchema<?, ?> schema, Query query);

    /** The same, as they are at one moment, without holding all of them in memory where that can be avoided. */
    RecordCursor stream(CollectionSchema<?, ?> schema, Query query);

    /** How many match the filters; sort, limit, offset and page key are ignored. */
    long count(CollectionSchema<?, ?> schema, Query query);

    /** A fresh id of a collection whose ids come from a sequence; never issued before, never issued again. */
    long nextId(CollectionSchema<?, ?> schema);

    /**
     * All of the writes or none, durable when it returns. Bodies have been checked by {@link CollectionSchema}. A later
     * write sees the earlier ones. An id made here is none of those that the same call gives, wherever these stand. The versions of one id grow in the order in which its writes, deletions included, commit;
     * the mirror tells by them which state is newer.
     *
     * @return one result for each write, in order
     * @throws dev.switchover.storage.RecordExistsException for an {@link Expected.Absent} that is not
     * @throws dev.switchover.storage.VersionConflictException for an {@link Expected.Version} that is not
     * @throws dev.switchover.storage.FencedException if this instance does not serve one of the collections
     * @throws dev.switchover.storage.StoreUnavailableException if it did not happen for lack of connection, time or room
     * @throws dev.switchover.storage.UnknownOutcomeException if it cannot be known whether it happened
     */
    List<Written> write(List<Write> writes);

    /** The same access, telling {@code copyTime} for every answer that comes from a stale copy. */
    default RecordAccess observing(Consumer<Instant> copyTime) {
        return this;
    }
}
