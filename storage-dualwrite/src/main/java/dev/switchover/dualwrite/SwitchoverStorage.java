package dev.switchover.dualwrite;

import dev.switchover.storage.Repository;
import dev.switchover.storage.repository.RecordStorage;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordAccess;
import java.time.Duration;
import java.util.List;

/**
 * An open storage in the phase the flags chose. Thread-safe.
 *
 * <p>Closing waits, bounded, for what is pending, writes a last checkpoint and lets go of the directory and the database.
 */
public final class SwitchoverStorage extends RecordStorage {

    private final OpenStorage open;

    SwitchoverStorage(List<CollectionSchema<?, ?>> schemas, OpenStorage open) {
        super(open.router(), schemas);
        this.open = open;
    }

    @Override
    protected <T, ID> Repository<T, ID> newRepository(CollectionSchema<T, ID> schema, RecordAccess access) {
        return new DualWriteRepository<>(schema, access);
    }

    /** Where everything stands now. Asks the database only if it is known to answer. */
    public StorageStatus status() {
        return open.status();
    }

    /**
     * Waits until every mirror of this process has everything.
     *
     * @return false if that took longer
     */
    public boolean awaitInSync(Duration atMost) {
        return open.mirrors().awaitInSync(atMost);
    }

    @Override
    public void close() {
        open.close();
    }
}
