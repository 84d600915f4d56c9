package dev.switchover.dualwrite.backup;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folder as a whole.
 *
 * @param bytes of all files
 * @param byKind how many of each kind there are
 * @param unreadable files with the name of a backup whose first line cannot be read
 * @param largest length of the largest file
 */
public record BackupStats(
        String folder,
        int count,
        long bytes,
        Map<BackupKind, Integer> byKind,
        int unreadable,
        @Nullable Instant oldest,
        @Nullable Instant newest,
        long largest) {

    public BackupStats {
        byKind = Map.copyOf(byKind);
    }

    public String toJson() {
        return Json.write(this);
    }
}
