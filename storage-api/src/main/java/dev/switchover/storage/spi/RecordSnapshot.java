package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import java.util.Optional;

/** Several collections of one store, all as they were at one moment, while writes go on. Used by one thread. Close it. */
public interface RecordSnapshot extends AutoCloseable {

    /** The ledger entry of that moment; its counters may be newer. Empty if the store has never been in contact. */
    Optional<LedgerEntry> entry(CollectionSchema<?, ?> schema);

    /** How many records there are, without the envelope. */
    long count(CollectionSchema<?, ?> schema);

    /** As {@link RecordStore#scan}. The cursor before it has to be closed. */
    RecordCursor scan(CollectionSchema<?, ?> schema);

    /**
     * All records without the envelope, in the collection's own order. The cursor before it has to be closed. One that is closed long
     * before its end may end the snapshot.
     */
    RecordCursor inOrder(CollectionSchema<?, ?> schema);

    @Override
    void close();
}
