package dev.switchover.dualwrite.backup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where backups go, and how. Immutable.
 *
 * @param folder made with the first backup, readable by its owner only
 * @param encoding of new backups
 * @param beforeSwitchover whether one is made of the outgoing authority before another store becomes the authority
 * @param finished each is handed every finished backup, in order, on the thread that made it
 */
public record BackupSettings(
        Path folder, BackupEncoding encoding, boolean beforeSwitchover, List<FinishedBackup> finished) {

    public BackupSettings {
        finished = List.copyOf(finished);
    }

    /** Plain files in this folder, one before each switchover. */
    public static BackupSettings in(Path folder) {
        return new BackupSettings(folder, BackupEncoding.PLAIN, true, List.of());
    }

    public BackupSettings withFolder(Path newFolder) {
        return new BackupSettings(newFolder, encoding, beforeSwitchover, finished);
    }

    public BackupSettings withEncoding(BackupEncoding newEncoding) {
        return new BackupSettings(folder, newEncoding, beforeSwitchover, finished);
    }

    public BackupSettings withBeforeSwitchover(boolean made) {
        return new BackupSettings(folder, encoding, made, finished);
    }

    /** One more that is handed every finished backup, as to copy it to another machine. */
    public BackupSettings andThen(FinishedBackup next) {
        List<FinishedBackup> more = new ArrayList<>(finished);
        more.add(next);
        return new BackupSettings(folder, encoding, beforeSwitchover, more);
    }
}
