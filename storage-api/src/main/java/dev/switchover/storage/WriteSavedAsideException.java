package dev.switchover.storage;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A write failed, or it cannot be known whether it happened, and it was saved durably in an emergency file; the cause says why. Nothing
 * applies it by itself: an operator does, once, unless there is something newer by then. Do not simply write it again as well.
 */
public final class WriteSavedAsideException extends StorageException {

    private static final long serialVersionUID = 1;

    private final transient @Nullable Path file;

    public WriteSavedAsideException(Path file, StorageException cause) {
        super(
                cause.getMessage() + ". The write is saved in " + file
                        + "; 'backup recover' lists it, and applies it when asked to",
                cause);
        this.file = file;
    }

    /** Where the write is. */
    public Path file() {
        return Objects.requireNonNull(file, "not kept by serialization");
    }
}
