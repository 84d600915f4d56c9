package dev.switchover.dualwrite.backup;

import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the records of a backup come from. Thread-safe. */
public interface BackupSource {

    /** Which store is right about a collection, and in which phase it is served; null if that is not known. */
    record Authority(Store store, @Nullable Phase phase) {}

    List<CollectionSchema<?, ?>> schemas();

    /** Whether there is such a store, reachable or not. */
    boolean has(Store store);

    /** @throws dev.switchover.storage.StorageException if nothing tells, or the store that is right does not answer */
    Authority authority(CollectionSchema<?, ?> schema);

    /**
     * Collections of one store as of one moment, whether or not it is right about them.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if it does not answer
     */
    RecordSnapshot snapshot(Store store, List<CollectionSchema<?, ?>> schemas);
}
