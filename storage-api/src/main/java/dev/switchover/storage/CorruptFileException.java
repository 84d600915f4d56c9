package dev.switchover.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file does not hold what it should. It has not been touched. */
public final class CorruptFileException extends StorageException {

    private static final long serialVersionUID = 1;

    private final transient Path file;

    /** @param problem what is wrong, where (line and column, or offset), and what to do */
    public CorruptFileException(Path file, String problem, @Nullable Throwable cause) {
        super(file + ": " + Shown.text(problem) + ". The file has not been changed", cause);
        this.file = file;
    }

    public Path file() {
        return file;
    }
}
