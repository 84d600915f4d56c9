package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.schedule.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where backups go, how, and when they are made by themselves. Immutable.
 *
 * @param folder made with the first backup, readable by its owner only
 * @param encoding of new backups
 * @param beforeSwitchover whether one is made of the outgoing authority before another store becomes the authority
 * @param emergencyFiles whether a write that failed is saved aside
 * @param verifiedWrites whether what was written is read back before the call returns
 * @param times when one is made by itself
 * @param finished each is handed every finished backup, in order, on the thread that made it
 */
public record BackupSettings(
        Path folder,
        BackupEncoding encoding,
        boolean beforeSwitchover,
        boolean emergencyFiles,
        boolean verifiedWrites,
        BackupTimes times,
        List<FinishedBackup> finished) {

    public BackupSettings {
        finished = List.copyOf(finished);
    }

    /** Plain files in this folder, one before each switchover. */
    public static BackupSettings in(Path folder) {
        return new BackupSettings(folder, BackupEncoding.PLAIN, true, false, false, BackupTimes.NONE, List.of());
    }

    public BackupSettings withFolder(Path newFolder) {
        return new BackupSettings(
                newFolder, encoding, beforeSwitchover, emergencyFiles, verifiedWrites, times, finished);
    }

    public BackupSettings withEncoding(BackupEncoding newEncoding) {
        return new BackupSettings(
                folder, newEncoding, beforeSwitchover, emergencyFiles, verifiedWrites, times, finished);
    }

    public BackupSettings withBeforeSwitchover(boolean made) {
        return new BackupSettings(folder, encoding, made, emergencyFiles, verifiedWrites, times, finished);
    }

    /**
     * Whether a write that failed after all retries, or that no retry could have cured, is saved in a file; the caller gets {@link
     * dev.switchover.storage.WriteSavedAsideException} then.
     */
    public BackupSettings withEmergencyFiles(boolean saved) {
        return new BackupSettings(folder, encoding, beforeSwitchover, saved, verifiedWrites, times, finished);
    }

    /** Whether each record is read back and compared before a write returns; costs a read for each. */
    public BackupSettings withVerifiedWrites(boolean verified) {
        return new BackupSettings(folder, encoding, beforeSwitchover, emergencyFiles, verified, times, finished);
    }

    /** At these times one of all collections is made, of the kind {@link BackupKind#SCHEDULED}, and read back. */
    public BackupSettings withSchedule(Schedule schedule) {
        return withTimes(
                new BackupTimes(Optional.of(schedule), times.afterWrites(), times.cleaned(), times.retention()));
    }

    /**
     * After each write one of all collections is made, on a thread of its own: the first write is followed at once, the next ones not
     * before this time is over, all of them by one backup.
     */
    public BackupSettings afterWrites(Duration atMostEvery) {
        return withTimes(
                new BackupTimes(times.schedule(), Optional.of(atMostEvery), times.cleaned(), times.retention()));
    }

    /** When a backup that was made by itself is sound, older ones are removed. */
    public BackupSettings withCleaning(Retention retention) {
        return withTimes(new BackupTimes(times.schedule(), times.afterWrites(), true, retention));
    }

    public BackupSettings withTimes(BackupTimes newTimes) {
        return new BackupSettings(
                folder, encoding, beforeSwitchover, emergencyFiles, verifiedWrites, newTimes, finished);
    }

    /** One more that is handed every finished backup, as to copy it to another machine. */
    public BackupSettings andThen(FinishedBackup next) {
        List<FinishedBackup> more = new ArrayList<>(finished);
        more.add(next);
        return new BackupSettings(folder, encoding, beforeSwitchover, emergencyFiles, verifiedWrites, times, more);
    }
}
