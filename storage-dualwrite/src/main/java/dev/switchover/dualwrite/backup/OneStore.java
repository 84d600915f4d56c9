package dev.switchover.dualwrite.backup;

import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordSnapshot;
import dev.switchover.storage.spi.RecordStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One collection of one store that is the authority, on its way out. */
public record OneStore(
        RecordStore open,
        CollectionSchema<?, ?> schema,
        @Nullable Phase phase) implements BackupSource {

    @Override
    public List<CollectionSchema<?, ?>> schemas() {
        return List.of(schema);
    }

    @Override
    public boolean has(Store store) {
        return store == open.store();
    }

    @Override
    public Authority authority(CollectionSchema<?, ?> of) {
        return new Authority(open.store(), phase);
    }

    @Override
    public RecordSnapshot snapshot(Store store, List<CollectionSchema<?, ?>> of) {
        return open.snapshot(of);
    }
}
