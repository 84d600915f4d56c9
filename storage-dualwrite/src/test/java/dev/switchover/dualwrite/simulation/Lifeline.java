package dev.switchover.dualwrite.simulation;

/** Whether a process lives, and from when on it runs again if it was stopped. */
final class Lifeline {

    private boolean dead;
    private long frozenUntil = Long.MIN_VALUE;

    boolean isDead() {
        return dead;
    }

    void cut() {
        dead = true;
    }

    long frozenUntil() {
        return frozenUntil;
    }

    void freeze(long until) {
        frozenUntil = until;
    }
}
