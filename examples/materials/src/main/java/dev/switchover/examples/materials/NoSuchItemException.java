package dev.switchover.examples.materials;

/** There is no such section, or no such item in it. */
final class NoSuchItemException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NoSuchItemException(String message) {
        super(message);
    }
}
