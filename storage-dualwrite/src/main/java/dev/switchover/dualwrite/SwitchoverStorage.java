package dev.switchover.dualwrite;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Repository;
import dev.switchover.storage.repository.RecordStorage;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordAccess;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * An open storage in the phase the flags chose. Thread-safe.
 *
 * <p>Closing waits, bounded, for what is pending, writes a last checkpoint and lets go of the directory and the database.
 */
public final class SwitchoverStorage extends RecordStorage {

    private final OpenStorage open;

    SwitchoverStorage(List<CollectionSchema<?, ?>> schemas, RecordAccess access, OpenStorage open) {
        super(access, schemas);
        this.open = open;
    }

    @Override
    protected <T, ID> Repository<T, ID> newRepository(CollectionSchema<T, ID> schema, RecordAccess access) {
        return new DualWriteRepository<>(schema, access);
    }

    /**
     * Where everything stands now. Asks the database unless it is known to be away, and waits for it about a second at most;
     * what it has not said by then is left out.
     */
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

    /** The records of a collection that its mirror refuses; they block a switchover until they are dealt with. */
    public List<StorageStatus.Parked> parked(CollectionDefinition<?, ?> collection) {
        return open.parking().list(collection);
    }

    /** Has the mirror try parked records again, after the cause is gone. @return how many of them were parked */
    public <ID> int retryParked(CollectionDefinition<?, ID> collection, Collection<? extends ID> ids) {
        return open.parking().retry(collection, ids);
    }

    /**
     * Gives up carrying parked records over to the mirror. The primary keeps them; what it has now is first saved in {@code
     * .switchover/aside} inside the directory.
     *
     * @return how many of them were parked
     */
    public <ID> int discardParked(CollectionDefinition<?, ID> collection, Collection<? extends ID> ids) {
        return open.parking().discard(collection, ids);
    }

    @Override
    public void close() {
        open.close();
    }
}
