package dev.switchover.storage;

/** The storage has been closed. The call did nothing. */
public final class StorageClosedException extends StorageException {

    private static final long serialVersionUID = 1;

    public StorageClosedException() {
        super("The storage is closed");
    }
}
