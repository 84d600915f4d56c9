package dev.switchover.dualwrite.backup;

/** What is wrong with a backup's file; never leaves this package. */
final class DamagedBackupException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DamagedBackupException(String problem) {
        super(problem);
    }

    String problem() {
        return String.valueOf(getMessage());
    }
}
