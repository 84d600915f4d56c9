package dev.switchover.dualwrite.mirror;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** Lets callers wait until everything that was pending when they asked has reached the mirror. Thread-safe. */
final class SyncBarrier {

    private final Lock lock;
    private final Condition changed;
    private long requested;
    private long reached;
    private boolean closed;

    SyncBarrier(Pace pace) {
        this.lock = pace.newLock();
        this.changed = lock.newCondition();
    }

    /** The last request; the worker reads it before it looks at the pending set. */
    long requested() {
        lock.lock();
        try {
            return requested;
        } finally {
            lock.unlock();
        }
    }

    boolean isAwaited() {
        lock.lock();
        try {
            return requested > reached;
        } finally {
            lock.unlock();
        }
    }

    /** What was pending at this request has reached the mirror. */
    void reached(long request) {
        lock.lock();
        try {
            reached = Math.max(reached, request);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody will reach anything any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** @param request is told to the worker once it is made */
    boolean await(Duration atMost, Runnable request) {
        long left = atMost.toNanos();
        lock.lock();
        try {
            long mine = ++requested;
            request.run();
            while (reached < mine && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return reached >= mine;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
