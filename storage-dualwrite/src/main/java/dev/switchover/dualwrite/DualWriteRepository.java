package dev.switchover.dualwrite;

import dev.switchover.storage.repository.StoreRepository;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordAccess;

/** A collection in whichever phase the flags chose: one store leads, the other follows if the phase says so. Thread-safe. */
public final class DualWriteRepository<T, ID> extends StoreRepository<T, ID> {

    DualWriteRepository(CollectionSchema<T, ID> schema, RecordAccess records) {
        super(schema, records);
    }
}
