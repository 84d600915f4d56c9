package dev.switchover.dualwrite;

import java.time.Duration;

/** Waiting for threads without being stopped by an interrupt. */
final class Threads {

    private Threads() {}

    /** Waits for the thread's end, bounded; an interrupt of the caller is kept for later. */
    static void join(Thread thread, Duration atMost) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + atMost.toNanos();
        long left = atMost.toMillis();
        while (thread.isAlive() && left > 0) {
            try {
                thread.join(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
