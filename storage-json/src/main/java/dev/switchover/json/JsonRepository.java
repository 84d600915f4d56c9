package dev.switchover.json;

import dev.switchover.storage.repository.StoreRepository;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordAccess;

/** The records of one collection in its JSON file. Thread-safe. */
public final class JsonRepository<T, ID> extends StoreRepository<T, ID> {

    JsonRepository(CollectionSchema<T, ID> schema, RecordAccess access) {
        super(schema, access);
    }
}
