package dev.switchover.storage.repository;

import dev.switchover.storage.Query;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** An access that refuses everything once it is closed. */
final class ClosingAccess implements RecordAccess {

    private final RecordAccess open;
    private final AtomicBoolean closed;

    ClosingAccess(RecordAccess open, AtomicBoolean closed) {
        this.open = open;
        this.closed = closed;
    }

    @Override
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return open().find(schema, id);
    }

    @Override
    public List<RawRecord> list(CollectionSchema<?, ?> schema, Query query) {
        return open().list(schema, query);
    }

    @Override
    public RecordCursor stream(CollectionSchema<?, ?> schema, Query query) {
        return open().stream(schema, query);
    }

    @Override
    public long count(CollectionSchema<?, ?> schema, Query query) {
        return open().count(schema, query);
    }

    @Override
    public long nextId(CollectionSchema<?, ?> schema) {
        return open().nextId(schema);
    }

    @Override
    public List<Written> write(List<Write> writes) {
        return open().write(writes);
    }

    private RecordAccess open() {
        if (closed.get()) {
            throw new StorageClosedException();
        }
        return open;
    }
}
