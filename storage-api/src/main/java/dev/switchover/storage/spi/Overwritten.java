package dev.switchover.storage.spi;

import dev.switchover.storage.schema.RawRecord;

/**
 * Is told of each record of a collection that a restore overwrites or deletes, in the order of ids, while nobody can write it and
 * before the restore is durable. Used by one thread.
 */
public interface Overwritten extends AutoCloseable {

    /** Nobody wants to know. */
    Overwritten UNHEARD = new Overwritten() {
        @Override
        public void accept(RawRecord old) {}

        @Override
        public void close() {}
    };

    /** @throws dev.switchover.storage.StorageException if it cannot be kept; then nothing is restored */
    void accept(RawRecord old);

    /**
     * What it was told of is kept for good when this returns.
     *
     * @throws dev.switchover.storage.StorageException if it cannot be kept; then nothing is restored
     */
    @Override
    void close();
}
