package dev.switchover.examples.materials;

/** The document is not what the caller saw. */
final class ChangedMeanwhileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ChangedMeanwhileException(String message) {
        super(message);
    }
}
