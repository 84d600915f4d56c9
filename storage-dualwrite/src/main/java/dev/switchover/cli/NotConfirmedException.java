package dev.switchover.cli;

/** Somebody said no, or there was nobody to ask. Nothing was changed. */
final class NotConfirmedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotConfirmedException(String message) {
        super(message, null, false, false);
    }
}
