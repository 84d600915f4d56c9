package dev.switchover.dualwrite.view;

import dev.switchover.json.JsonStore;
import dev.switchover.json.directory.DirectoryLock;
import dev.switchover.storage.Query;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
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

/** A store that is open. */
record OpenView(RecordStore open) implements StoreView {

    @Override
    public Store store() {
        return open.store();
    }

    @Override
    public void refresh() {
        // It is always as it is now.
    }

    @Override
    public void requireCurrent() {
        if (open instanceof JsonStore json && !json.holdsDirectory()) {
            throw new StoreUnavailableException(
                    Store.JSON,
                    "What was read of the JSON files may be outdated: " + DirectoryLock.LOST
                            + "; ask the process that holds it",
                    null);
        }
    }

    @Override
    public Optional<LedgerEntry> entry(CollectionSchema<?, ?> schema) {
        return open.ledger().read(schema);
    }

    @Override
    public boolean remembers(CollectionSchema<?, ?> schema, String token) {
        return open.ledger().remembers(schema, token);
    }

    @Override
    public boolean hasRecords(CollectionSchema<?, ?> schema) {
        return open.hasRecords(schema);
    }

    @Override
    public long count(CollectionSchema<?, ?> schema) {
        return open.count(schema, Query.all());
    }

    @Override
    public PendingSummary pending(CollectionSchema<?, ?> schema) {
        return open.pending().summary(schema);
    }

    @Override
    public List<PendingMark> marks(CollectionSchema<?, ?> schema, int atMost) {
        return open.pending().marks(schema, atMost);
    }

    @Override
    public List<ParkedRecord> parked(CollectionSchema<?, ?> schema) {
        return open.pending().parked(schema);
    }

    @Override
    public List<RecordId> among(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return open.pending().among(schema, ids);
    }

    @Override
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return open.find(schema, id);
    }

    @Override
    public RecordCursor scan(CollectionSchema<?, ?> schema) {
        return open.scan(schema);
    }

    @Override
    public RecordCursor scanVersions(CollectionSchema<?, ?> schema) {
        return open.scanVersions(schema);
    }
}
