package dev.switchover.dualwrite.mirror;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How time passes for a mirror: the one place where it looks at the time, waits, and starts its thread. A simulation puts its own
 * here. Thread-safe.
 */
interface Pace {

    Pace REAL = new Real();

    /** As {@link System#nanoTime}. */
    long nanoTime();

    /** A number from 0 to 1, so that retries do not meet. */
    double jitter();

    /** With conditions that keep to this pace. */
    Lock newLock();

    /** Whether the latch was opened in time. */
    boolean await(CountDownLatch latch, Duration atMost) throws InterruptedException;

    /** Runs the work on a daemon thread of this name. */
    Running start(Runnable work, String name);

    /** Work on a thread of its own. */
    @FunctionalInterface
    interface Running {

        /** Waits for its end, at most this long. */
        void join(Duration atMost) throws InterruptedException;
    }

    /** The pace of the machine. */
    final class Real implements Pace {

        private Real() {}

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public double jitter() {
            return ThreadLocalRandom.current().nextDouble();
        }

        @Override
        public Lock newLock() {
            return new ReentrantLock();
        }

        @Override
        public boolean await(CountDownLatch latch, Duration atMost) throws InterruptedException {
            return latch.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public Running start(Runnable work, String name) {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            thread.start();
            return atMost -> thread.join(atMost.toMillis());
        }
    }
}
