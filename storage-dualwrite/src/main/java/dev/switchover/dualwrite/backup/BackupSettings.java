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
 * @param emergencyFiles whether a write that failed is saved aside
 * @param verifiedWrites whether what was written is read back before the call returns
 * @param finished each is handed every finished backup, in order, on the thread that made it
 */
public record BackupSettings(
        Path folder,
        BackupEncoding encoding,
        boolean beforeSwitchover,
        boolean emergencyFiles,
        boolean verifiedWrites,
        List<FinishedBackup> finished) {

    public BackupSettings {
        finished = List.copyOf(finished);
    }

    /** Plain files in this folder, one before each switchover. */
    public static BackupSettings in(Path folder) {
        return new BackupSettings(folder, BackupEncoding.PLAIN, true, false, false, List.of());
    }

    public BackupSettings withFolder(Path newFolder) {
        return new BackupSettings(newFolder, encoding, beforeSwitchover, emergencyFiles, verifiedWrites, finished);
    }

    public BackupSettings withEncoding(BackupEncoding newEncoding) {
        return new BackupSettings(folder, newEncoding, beforeSwitchover, emergencyFiles, verifiedWrites, finished);
    }

    public BackupSettings withBeforeSwitchover(boolean made) {
        return new BackupSettings(folder, encoding, made, emergencyFiles, verifiedWrites, finished);
    }

    /**
     * Whether a write that failed after all retries, or that no retry could have cured, is saved in a file; the caller gets {@link
     * dev.switchover.storage.WriteSavedAsideException} then.
     */
    public BackupSettings withEmergencyFiles(boolean saved) {
        return new BackupSettings(folder, encoding, beforeSwitchover, saved, verifiedWrites, finished);
    }

    /** Whether each record is read back and compared before a write returns; costs a read for each. */
    public BackupSettings withVerifiedWrites(boolean verified) {
        return new BackupSettings(folder, encoding, beforeSwitchover, emergencyFiles, verified, finished);
    }

    /** One more that is handed every finished backup, as to copy it to another machine. */
    public BackupSettings andThen(FinishedBackup next) {
        List<FinishedBackup> more = new ArrayList<>(finished);
        more.add(next);
        return new BackupSettings(folder, encoding, beforeSwitchover, emergencyFiles, verifiedWrites, more);
    }
}
