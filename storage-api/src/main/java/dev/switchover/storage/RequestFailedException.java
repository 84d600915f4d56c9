package dev.switchover.storage;

import org.jspecify.annotations.Nullable;

/**
 * What an operator asked for, of this process or of the holder of a directory, was not done, or it is not known whether it was: the
 * message says which, and what to do. Asking again is harmless.
 */
public final class RequestFailedException extends StorageException {

    private static final long serialVersionUID = 1;

    private final String kind;
    private final boolean unanswered;

    /** @param kind what was asked for, as {@code export} */
    public RequestFailedException(String kind, String message, @Nullable Throwable cause) {
        this(kind, message, cause, false);
    }

    private RequestFailedException(String kind, String message, @Nullable Throwable cause, boolean unanswered) {
        super(message, cause);
        this.kind = kind;
        this.unanswered = unanswered;
    }

    public RequestFailedException(String kind, String message) {
        this(kind, message, null);
    }

    /** Nobody told in time how it ended. */
    public static RequestFailedException unanswered(String kind, String message) {
        return new RequestFailedException(kind, message, null, true);
    }

    /** Whether nobody told in time how it ended, so that it may still be done. */
    public boolean isUnanswered() {
        return unanswered;
    }

    /** What was asked for, as {@code export}. */
    public String kind() {
        return kind;
    }
}
