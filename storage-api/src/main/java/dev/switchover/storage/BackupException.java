package dev.switchover.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A backup could not be written, found, read or restored; no record was changed. The message says what to do. */
public final class BackupException extends StorageException {

    private static final long serialVersionUID = 1;

    private final transient @Nullable Path file;

    /** @param file the backup, or the folder, it is about; null if none was found */
    public BackupException(@Nullable Path file, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.file = file;
    }

    public BackupException(@Nullable Path file, String message) {
        this(file, message, null);
    }

    /** The backup, or the folder, it is about; null if none was found. */
    public @Nullable Path file() {
        return file;
    }
}
