package dev.switchover.storage.repository;

import dev.switchover.storage.Repository;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordAccess;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A storage over {@link InMemoryAccess}; what it holds outlives it, so that it can be opened again. */
final class InMemoryStorage extends RecordStorage {

    private final InMemoryAccess records;
    private final List<? extends CollectionSchema<?, ?>> schemas;
    private final AtomicBoolean closed;

    InMemoryStorage(InMemoryAccess records, List<? extends CollectionSchema<?, ?>> schemas) {
        this(records, schemas, new AtomicBoolean());
    }

    private InMemoryStorage(
            InMemoryAccess records, List<? extends CollectionSchema<?, ?>> schemas, AtomicBoolean closed) {
        super(new ClosingAccess(records, closed), schemas);
        this.records = records;
        this.schemas = schemas;
        this.closed = closed;
    }

    InMemoryStorage reopen() {
        close();
        return new InMemoryStorage(records, schemas);
    }

    @Override
    protected <T, ID> Repository<T, ID> newRepository(CollectionSchema<T, ID> schema, RecordAccess access) {
        return new StoreRepository<>(schema, access) {};
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
