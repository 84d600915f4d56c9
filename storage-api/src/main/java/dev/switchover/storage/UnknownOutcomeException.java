package dev.switchover.storage;

import org.jspecify.annotations.Nullable;

/**
 * The connection was lost while a write was being committed, and asking afterwards did not help: it may have happened or
 * not. Read the record to find out. Also thrown for a write that went into an older copy of the database, put back just before.
 */
public final class UnknownOutcomeException extends StorageException {

    private static final long serialVersionUID = 1;

    public UnknownOutcomeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
