package dev.switchover.storage;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything this library throws on purpose. Messages name collections and ids, never record values or
 * passwords, and say what to do next.
 */
public abstract class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    protected StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    protected StorageException(String message) {
        super(message);
    }
}
