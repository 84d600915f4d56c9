package dev.switchover.dualwrite.mirror;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lets the first lines of a kind through in each minute and counts the others, so that thousands of records with one cause do not fill a
 * log. Thread-safe.
 */
final class LineBudget {

    static final int LINES_A_MINUTE = 10;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanos;
    private long began;
    private int told;
    private long untold;

    LineBudget(LongSupplier nanos) {
        this.nanos = nanos;
        this.began = nanos.getAsLong();
    }

    /** Whether there is a line left for one more. */
    synchronized boolean take() {
        if (told < LINES_A_MINUTE) {
            told++;
            return true;
        }
        untold++;
        return false;
    }

    /** How many had no line in a minute that is over; a new one begins then. 0 while it lasts. */
    synchronized long untoldIfOver() {
        return nanos.getAsLong() - began < MINUTE ? 0 : untold();
    }

    /** How many have had no line until now; a new minute begins. */
    synchronized long untold() {
        long count = untold;
        began = nanos.getAsLong();
        told = 0;
        untold = 0;
        return count;
    }
}
