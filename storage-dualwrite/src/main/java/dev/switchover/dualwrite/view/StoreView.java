package dev.switchover.dualwrite.view;

import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.ParkedRecord;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordStore;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A store to be looked at. Thread-safe. Every call throws what the store throws, {@link
 * dev.switchover.storage.StoreUnavailableException} if it does not answer.
 */
public interface StoreView {

    Store store();

    /** What follows sees the store as it is now, or later: a view of files is of the moment they were read. */
    void refresh();

    /** @throws dev.switchover.storage.StoreUnavailableException if what was seen may be what another process has replaced by now */
    void requireCurrent();

    /** The ledger entry; empty if the store has never been in contact. */
    Optional<LedgerEntry> entry(CollectionSchema<?, ?> schema);

    /** Whether the token is in the store's own history; the empty one always is. */
    boolean remembers(CollectionSchema<?, ?> schema, String token);

    /** Whether there is any record, or, in JSON, any file. */
    boolean hasRecords(CollectionSchema<?, ?> schema);

    long count(CollectionSchema<?, ?> schema);

    PendingSummary pending(CollectionSchema<?, ?> schema);

    /** Marks that are not parked, oldest versions first. */
    List<PendingMark> marks(CollectionSchema<?, ?> schema, int atMost);

    List<ParkedRecord> parked(CollectionSchema<?, ?> schema);

    /** Those of {@code ids} that are pending or parked. */
    List<RecordId> among(CollectionSchema<?, ?> schema, Collection<RecordId> ids);

    Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id);

    /** See {@link RecordStore#scan}. */
    RecordCursor scan(CollectionSchema<?, ?> schema);

    /** See {@link RecordStore#scanVersions}. */
    default RecordCursor scanVersions(CollectionSchema<?, ?> schema) {
        return scan(schema);
    }

    /** A store that is open, as it is at each call. */
    static StoreView of(RecordStore store) {
        return new OpenView(store);
    }

    /** A store that holds nothing yet. */
    static StoreView empty(Store store) {
        return new EmptyView(store);
    }
}
