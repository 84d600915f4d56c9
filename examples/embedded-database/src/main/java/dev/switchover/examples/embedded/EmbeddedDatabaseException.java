package dev.switchover.examples.embedded;

import org.jspecify.annotations.Nullable;

/** The embedded PostgreSQL cannot be had; the message says what to do. */
public final class EmbeddedDatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1;

    EmbeddedDatabaseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
