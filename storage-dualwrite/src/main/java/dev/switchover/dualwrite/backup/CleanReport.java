package dev.switchover.dualwrite.backup;

import java.util.List;

/**
 * What cleaning up did.
 *
 * @param dryRun whether nothing was removed, only looked at
 * @param removed names of backups that are gone, or would be, the oldest first
 * @param kept how many stay
 * @param bytes that became free, or would
 */
public record CleanReport(boolean dryRun, List<String> removed, int kept, long bytes) {

    public CleanReport {
        removed = List.copyOf(removed);
    }

    public String toJson() {
        return Json.write(this);
    }
}
