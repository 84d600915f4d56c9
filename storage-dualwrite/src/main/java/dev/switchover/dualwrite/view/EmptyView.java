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
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A store that holds nothing yet. */
record EmptyView(Store store) implements StoreView {

    @Override
    public void refresh() {
        // It stays empty: what is made there meanwhile is not looked at.
    }

    @Override
    public void requireCurrent() {
        // Nobody holds what is not there.
    }

    @Override
    public Optional<LedgerEntry> entry(CollectionSchema<?, ?> schema) {
        return Optional.empty();
    }

    @Override
    public boolean remembers(CollectionSchema<?, ?> schema, String token) {
        return token.isEmpty();
    }

    @Override
    public boolean hasRecords(CollectionSchema<?, ?> schema) {
        return false;
    }

    @Override
    public long count(CollectionSchema<?, ?> schema) {
        return 0;
    }

    @Override
    public PendingSummary pending(CollectionSchema<?, ?> schema) {
        return PendingSummary.NONE;
    }

    @Override
    public List<PendingMark> marks(CollectionSchema<?, ?> schema, int atMost) {
        return List.of();
    }

    @Override
    public List<ParkedRecord> parked(CollectionSchema<?, ?> schema) {
        return List.of();
    }

    @Override
    public List<RecordId> among(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return List.of();
    }

    @Override
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return Optional.empty();
    }

    @Override
    public RecordCursor scan(CollectionSchema<?, ?> schema) {
        return RecordCursor.of(Collections.emptyIterator());
    }
}
