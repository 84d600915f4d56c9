package dev.switchover.storage;

import org.jspecify.annotations.Nullable;

/**
 * What an operator asked for, of this process or of the holder of a directory, was not done, or it is not known whether it was: the
 * message says which, and what to do. Asking again is harmless.
 */
public final class RequestFailedException extends StorageException {

    private static final long serialVersionUID = 1;

    private final String kind;

    /** @param kind what was asked for, as {@code export} */
    public RequestFailedException(String kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public RequestFailedException(String kind, String message) {
        this(kind, message, null);
    }

    /** What was asked for, as {@code export}. */
    public String kind() {
        return kind;
    }
}
