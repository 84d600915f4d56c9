package dev.switchover.dualwrite.backup;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * The backups of a directory. Thread-safe. A backup is named by its number in {@link #list}, its name, a part of its name, or its path.
 *
 * <p>Every method throws {@link dev.switchover.storage.BackupException} if a file cannot be found, read or written, and what the stores
 * throw. Messages and results never hold values of records; backups do.
 */
public interface Backups {

    /** A backup of all collections that somebody asks for. */
    default BackupFile create() {
        return create(BackupKind.MANUAL, List.of());
    }

    /**
     * Writes a backup of what the authority of each collection has, all collections of a store as of one moment, while writes go on.
     * When it returns the file is on the disk under its name.
     *
     * @param collections names; none for all
     */
    BackupFile create(BackupKind kind, Collection<String> collections);

    /** All of them, the newest first. Reads names and first lines. */
    List<BackupFile> list();

    /** The folder as a whole. */
    BackupStats stats();

    /** Reads a backup to its end: whether every record, checksum, count and id is right, and the service's definitions take it. */
    BackupCheck verify(String backup);

    /** {@link #verify} for each of {@link #list}. */
    List<BackupCheck> verifyAll();

    /**
     * What a restore would change. Checks the backup first. Changes nothing.
     *
     * @param collections names; none for all that are in the backup
     */
    RestorePlan plan(String backup, Collection<String> collections);

    /**
     * Makes the collections what they are in the backup, and nothing else. The backup is checked to its end, and what is there is saved
     * in a backup of its own, before anything changes; then each store changes in one step. Restored records have new versions, so a
     * save by an older version fails; ids go on behind all that were ever given. Carried out by whoever has the directory.
     *
     * @param collections names; none for all that are in the backup
     * @throws dev.switchover.storage.RequestFailedException if the holder of the directory could not do it, or does not answer
     */
    RestoreReport restore(String backup, Collection<String> collections);

    /**
     * Reads everything there is to recover from, in whatever state it is: both stores, the backups, and what was saved aside. Of each
     * record the newest version wins, whichever file it is in. Changes nothing.
     *
     * @param each is handed every record in every source, on this thread
     */
    RecoveryScan scan(RecoveryOptions options, Consumer<? super FoundRecord> each);

    /**
     * Collects the newest of everything in a backup of its own, and brings in what the authority lacks or has older. What the authority
     * has newer, or alone, stays. Otherwise as {@link #restore}.
     *
     * @throws dev.switchover.storage.BackupException also if it was collected, but could not be brought in: then it names the backup
     */
    RecoveryReport recover(RecoveryOptions options);

    /** The writes that failed and were saved aside, the oldest first. */
    List<EmergencyFile> emergencyFiles();

    /**
     * Applies a write that was saved aside: all of its records or none, once, and only if nothing is newer by now than what was known when
     * it failed. Carried out by whoever has the directory.
     *
     * @param name of the file
     * @throws dev.switchover.storage.BackupException if there is something newer, or the file is not waiting to be applied
     */
    void applyEmergencyFile(String name);

    /** What cleaning leaves where nobody says otherwise: what the settings say, or {@link Retention#DEFAULTS}. */
    Retention retention();

    /** Removes what the retention lets go, or only says what that would be. */
    CleanReport clean(Retention retention, boolean dryRun);
}
