package dev.switchover.dualwrite.switchover;

/** A ledger entry is no longer what it was when the verdict was given: look again. Never leaves this package. */
final class LostRaceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LostRaceException(String message) {
        super(message, null, false, false);
    }
}
