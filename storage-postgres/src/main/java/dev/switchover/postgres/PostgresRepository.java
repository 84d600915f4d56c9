package dev.switchover.postgres;

import dev.switchover.storage.repository.StoreRepository;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordAccess;

/** The records of one collection in its table. Thread-safe. */
public final class PostgresRepository<T, ID> extends StoreRepository<T, ID> {

    PostgresRepository(CollectionSchema<T, ID> schema, RecordAccess access) {
        super(schema, access);
    }
}
