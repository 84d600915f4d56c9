package dev.switchover.dualwrite.backup;

import java.util.List;

/**
 * What a restore did.
 *
 * @param plan what it was going to change, looked at right before
 * @param safetyBackup name of the backup of what was there before, in the folder of the backups
 * @param writtenMeanwhile paths of files with the records that were written between that backup and the restore, and overwritten by it;
 *     recover reads them
 * @param collections what was done, counted by the store
 * @param mirrorsInSync whether the other store has all of it, where it is mirrored; otherwise what is missing there is pending, and is
 *     carried over when the mirror answers
 */
public record RestoreReport(
        RestorePlan plan,
        String safetyBackup,
        List<String> writtenMeanwhile,
        List<Done> collections,
        boolean mirrorsInSync) {

    /** What was written and deleted, envelopes included. */
    public record Done(String name, long written, long deleted, long equal) {}

    public RestoreReport {
        writtenMeanwhile = List.copyOf(writtenMeanwhile);
        collections = List.copyOf(collections);
    }

    public String toJson() {
        return Json.write(this);
    }
}
