package dev.switchover.storage.spi;

import java.time.Duration;

/** Waiting for a thread's end without being stopped by an interrupt. */
public final class Threads {

    private Threads() {}

    /**
     * Waits for the thread's end, bounded; an interrupt of the caller is kept for later. A thread that was never started, or that
     * waits for itself, is not waited for.
     *
     * @return whether it has ended
     */
    public static boolean join(Thread thread, Duration atMost) {
        if (thread == Thread.currentThread()) {
            return false;
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + atMost.toNanos();
        long left = atMost.toNanos();
        while (thread.isAlive() && left > 0) {
            try {
                thread.join(left / 1_000_000, (int) (left % 1_000_000));
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = deadline - System.nanoTime();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
