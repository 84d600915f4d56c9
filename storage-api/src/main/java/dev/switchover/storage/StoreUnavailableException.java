package dev.switchover.storage;

import org.jspecify.annotations.Nullable;

/** A store could not be reached, or had no room, in time. The write did not happen. Trying again later may help. */
public final class StoreUnavailableException extends StorageException {

    private static final long serialVersionUID = 1;

    private final Store store;

    public StoreUnavailableException(Store store, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.store = store;
    }

    public Store store() {
        return store;
    }
}
