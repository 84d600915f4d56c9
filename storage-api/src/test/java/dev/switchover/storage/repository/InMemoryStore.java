package dev.switchover.storage.repository;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.Query;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.MirrorTarget;
import dev.switchover.storage.spi.PendingSet;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Restoration;
import dev.switchover.storage.spi.Restored;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store that is used alone: records and a ledger, no mirror. */
final class InMemoryStore implements RecordStore {

    private final InMemoryAccess records = new InMemoryAccess();
    private final List<CollectionSchema<?, ?>> schemas;
    private final Map<String, Long> serving = new HashMap<>();
    final InMemoryLedger ledger = new InMemoryLedger();
    boolean prepared;
    boolean closed;

    InMemoryStore(CollectionSchema<?, ?>... schemas) {
        this.schemas = List.of(schemas);
    }

    @Override
    public Store store() {
        return Store.JSON;
    }

    @Override
    public List<CollectionSchema<?, ?>> schemas() {
        return schemas;
    }

    @Override
    public InMemoryLedger ledger() {
        return ledger;
    }

    @Override
    public PendingSet pending() {
        throw new UnsupportedOperationException("no mirror");
    }

    @Override
    public MirrorTarget mirrorTarget() {
        throw new UnsupportedOperationException("no mirror");
    }

    @Override
    public RecordCursor scan(CollectionSchema<?, ?> schema) {
        throw new UnsupportedOperationException("no reconciler");
    }

    @Override
    public RecordSnapshot snapshot(Collection<? extends CollectionSchema<?, ?>> of) {
        throw new UnsupportedOperationException("no backup");
    }

    @Override
    public List<Restored> restore(List<Restoration> wanted, boolean together) {
        throw new UnsupportedOperationException("no backup");
    }

    @Override
    public void prepare() {
        prepared = true;
    }

    @Override
    public boolean hasRecords(CollectionSchema<?, ?> schema) {
        return records.count(schema, Query.all()) > 0;
    }

    @Override
    public void serve(CollectionSchema<?, ?> schema, long epoch) {
        serving.put(schema.name(), epoch);
    }

    @Override
    public void ping() {}

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return records.find(schema, id);
    }

    @Override
    public List<RawRecord> list(CollectionSchema<?, ?> schema, Query query) {
        return records.list(schema, query);
    }

    @Override
    public RecordCursor stream(CollectionSchema<?, ?> schema, Query query) {
        return records.stream(schema, query);
    }

    @Override
    public long count(CollectionSchema<?, ?> schema, Query query) {
        return records.count(schema, query);
    }

    @Override
    public long nextId(CollectionSchema<?, ?> schema) {
        return records.nextId(schema);
    }

    @Override
    public List<Written> write(List<Write> writes) {
        for (Write write : writes) {
            String name = write.schema().name();
            Optional<LedgerEntry> entry = ledger.read(write.schema());
            boolean current = entry.isPresent()
                    && entry.get().serves()
                    && Long.valueOf(entry.get().epoch()).equals(serving.get(name));
            if (!current) {
                throw new FencedException(name, "This store does not serve " + name);
            }
        }
        return records.write(writes);
    }
}
