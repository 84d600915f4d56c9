package dev.switchover.dualwrite.mirror;

/** Inside this package: a collection must not be mirrored now. The message says why, and what to do. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean forGood;

    private Refusal(String message, boolean forGood) {
        super(message, null, false, false);
        this.forGood = forGood;
    }

    /** Tried again from time to time. */
    static Refusal forNow(String message) {
        return new Refusal(message, false);
    }

    /** The primary is no longer the authority. */
    static Refusal forGood(String message) {
        return new Refusal(message, true);
    }

    boolean isForGood() {
        return forGood;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
