package dev.switchover.dualwrite.backup;

import java.nio.file.Path;

/** Is handed each backup once it is whole and on the disk, as to copy it to another place. */
@FunctionalInterface
public interface FinishedBackup {

    /**
     * Called on the thread that made the backup, which waits. What it throws costs the backup nothing: it is logged, and told with it.
     *
     * @param file must be left as it is
     */
    void finished(Path file, BackupKind kind) throws Exception;
}
