package dev.switchover.dualwrite.backup;

import dev.switchover.storage.Shown;

/** What is wrong with a backup's file; never leaves this package. */
final class DamagedBackupException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DamagedBackupException(String problem) {
        super(Shown.text(problem)); // it may name what a stranger's file says
    }

    String problem() {
        return String.valueOf(getMessage());
    }
}
