package dev.switchover.examples.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What this process holds on its heap, garbage not counted: what is left after collections, less what was left before. It collects
 * garbage for a third of the time, so nothing else can be measured meanwhile.
 */
final class LiveHeap {

    private static final long BETWEEN_NANOS = 50_000_000;
    /** The work stands still while garbage is collected, and has to come to its end. */
    private static final long REST = 2;

    private static final int COLLECTIONS = 3;

    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final long before = live();

    /** More than when this was made. */
    long held() {
        return live() - before;
    }

    /** The most that was held at a time while the work was done, as samples at every full collection show it. */
    long mostHeldDuring(Runnable work) throws InterruptedException {
        Thread working = new Thread(work, "benchmark-work");
        Failure failure = new Failure();
        working.setUncaughtExceptionHandler(failure);
        long most = 0;
        working.start();
        while (working.isAlive()) {
            long began = System.nanoTime();
            memory.gc();
            most = Math.max(most, memory.getHeapMemoryUsage().getUsed());
            LockSupport.parkNanos(this, Math.max(BETWEEN_NANOS, REST * (System.nanoTime() - began)));
        }
        working.join();
        failure.rethrow();
        return most - before;
    }

    private long live() {
        // One alone may leave what waits for a cleaner or is only softly held.
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static final class Failure implements Thread.UncaughtExceptionHandler {

        private volatile @Nullable Throwable thrown;

        @Override
        public void uncaughtException(Thread thread, Throwable e) {
            thrown = e;
        }

        void rethrow() {
            if (thrown != null) {
                throw new IllegalStateException("What was measured failed", thrown);
            }
        }
    }
}
