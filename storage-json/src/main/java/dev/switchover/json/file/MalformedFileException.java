package dev.switchover.json.file;

/** A file's text is not what its layout says. The message tells what is wrong, where, and what to do. */
public final class MalformedFileException extends Exception {

    private static final long serialVersionUID = 1;

    MalformedFileException(String message) {
        super(message);
    }
}
