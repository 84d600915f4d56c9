package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.BackupMaker;
import dev.switchover.dualwrite.backup.Backups;
import dev.switchover.dualwrite.backup.FolderBackups;

/** The backups of a directory, beside the service that has it. */
final class OperatorBackups {

    private OperatorBackups() {}

    static Backups of(Beside beside, DirectoryRequests requests) {
        Configuration configuration = beside.configuration();
        return new FolderBackups(
                new BesideSource(beside),
                configuration.directory(),
                new BackupMaker(configuration.backups(), configuration.clock()),
                requests::ask,
                configuration.clock());
    }
}
