package dev.switchover.dualwrite.backup;

import dev.switchover.storage.BackupException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.util.List;

/** A backup that was just made, read again to its end. */
final class ReadBack {

    private ReadBack() {}

    /**
     * What makes it unsound; empty if nothing does.
     *
     * @throws BackupException if it is not read back as it was written
     */
    static List<String> problems(BackupFile made, List<CollectionSchema<?, ?>> schemas) {
        return archive(made, schemas).problems();
    }

    /** @throws BackupException if it is not read back as it was written */
    static Archive archive(BackupFile made, List<CollectionSchema<?, ?>> schemas) {
        try {
            return Archive.check(made.toPath(), schemas);
        } catch (DamagedBackupException e) {
            throw new BackupException(
                    made.toPath(),
                    "The backup " + made.path() + " is not read back as it was written (" + e.problem()
                            + "), so nothing was done after it; check the disk",
                    e);
        } catch (IOException e) {
            throw new BackupException(
                    made.toPath(), "The backup " + made.path() + " cannot be read back (" + e.getMessage() + ")", e);
        }
    }
}
