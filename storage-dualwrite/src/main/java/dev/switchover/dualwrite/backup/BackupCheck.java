package dev.switchover.dualwrite.backup;

import java.util.List;

/**
 * What came of checking one backup.
 *
 * @param sound whether it can be restored
 * @param records how many are in it, without envelopes; 0 if it is damaged
 * @param problems why it is not sound, and what to do
 */
public record BackupCheck(String name, String path, boolean sound, long records, List<String> problems) {

    public BackupCheck {
        problems = List.copyOf(problems);
    }

    public String toJson() {
        return Json.write(this);
    }
}
