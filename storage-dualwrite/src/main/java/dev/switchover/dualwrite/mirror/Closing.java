package dev.switchover.dualwrite.mirror;

import java.time.Duration;

/** Whether the worker is to come to an end, and by when. Thread-safe. */
final class Closing {

    private final Pace pace;
    private volatile boolean requested;
    private volatile long left = -1;
    private volatile long deadline;

    Closing(Pace pace) {
        this.pace = pace;
    }

    void request(Duration atMost) {
        deadline = pace.nanoTime() + atMost.toNanos();
        requested = true;
    }

    boolean isRequested() {
        return requested;
    }

    /** Tells how many records were still pending at the end; -1 if unknown. */
    void left(long pending) {
        left = pending;
    }

    long left() {
        return left;
    }

    boolean isOverdue() {
        return requested && pace.nanoTime() - deadline >= 0;
    }
}
