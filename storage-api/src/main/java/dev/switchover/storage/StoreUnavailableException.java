package dev.switchover.storage;

import org.jspecify.annotations.Nullable;

/** A store could not be reached, or had no room, in time. The write did not happen. Trying again later may help. */
public final class StoreUnavailableException extends StorageException {

    private static final long serialVersionUID = 1;

    private final Store store;
    private final String reason;

    public StoreUnavailableException(Store store, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.store = store;
        this.reason = message;
    }

    /**
     * With a message made of both.
     *
     * @param what could not be done
     * @param reason in a few words, as {@code connection refused}
     */
    public StoreUnavailableException(Store store, String what, String reason, @Nullable Throwable cause) {
        super(what + ": " + reason, cause);
        this.store = store;
        this.reason = reason;
    }

    /** Why it could not, without what it was about; the whole message where the two are not told apart. */
    public String reason() {
        return reason;
    }

    public Store store() {
        return store;
    }
}
