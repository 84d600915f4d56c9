package dev.switchover.dualwrite.backup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backup as its name and first line tell; whether it is whole only {@link Backups#verify} knows.
 *
 * @param number its place in the list, from 1, the newest first; 0 for one that is not in the folder. Changes with every backup
 * @param time when it was made; null if neither line nor name tells
 * @param bytes length of the file
 * @param collections empty if the first line cannot be read
 * @param problem why the first line cannot be read; null if it can
 */
public record BackupFile(
        int number,
        String name,
        String path,
        @Nullable Instant time,
        @Nullable BackupKind kind,
        long bytes,
        List<BackupPart> collections,
        @Nullable String problem) {

    public BackupFile {
        collections = List.copyOf(collections);
    }

    /** Where it is. */
    public Path toPath() {
        return Path.of(path);
    }

    /** How many records it holds, by its first line. */
    public long records() {
        return collections.stream().mapToLong(BackupPart::records).sum();
    }

    public String toJson() {
        return Json.write(this);
    }
}
