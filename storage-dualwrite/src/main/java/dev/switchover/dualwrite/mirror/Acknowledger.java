package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.Store;
import java.util.Locale;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A thread for acknowledgements, one after the other, so that nothing that is carried over waits for them. Its thread begins with
 * the first one. Used by the worker; close it.
 */
final class Acknowledger implements AutoCloseable {

    private final String name;
    private final Pace pace;
    private final Lock lock;
    private final Condition changed;
    private final Runnable ended;
    private Pace.@Nullable Running thread;
    private @Nullable Runnable work;
    private @Nullable RuntimeException failure;
    private boolean closed;

    /** @param ended told of each end, on the thread */
    Acknowledger(Store primary, Pace pace, Runnable ended) {
        this.name = "switchover-acknowledge-" + primary.name().toLowerCase(Locale.ROOT);
        this.pace = pace;
        this.lock = pace.newLock();
        this.changed = lock.newCondition();
        this.ended = ended;
    }

    /** Whether one has begun and not ended. */
    boolean isBusy() {
        lock.lock();
        try {
            return work != null;
        } finally {
            lock.unlock();
        }
    }

    /** Does the work on the thread. Only while it is not busy. */
    void begin(Runnable acknowledging) {
        lock.lock();
        try {
            work = acknowledging;
            if (thread == null) {
                thread = pace.start(this::run, name);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end of the one that has begun, and throws what one has failed with. */
    void await() {
        lock.lock();
        try {
            while (work != null) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        rethrow();
    }

    /** Throws what one has failed with. */
    void rethrow() {
        lock.lock();
        try {
            if (failure != null) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (Runnable next = next(); next != null; next = next()) {
            RuntimeException failed = new IllegalStateException("acknowledging ended with an error");
            try {
                next.run();
                failed = null;
            } catch (RuntimeException e) {
                failed = e;
            } finally {
                end(failed);
            }
            ended.run();
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            while (work == null && !closed) {
                changed.awaitUninterruptibly();
            }
            return work;
        } finally {
            lock.unlock();
        }
    }

    private void end(@Nullable RuntimeException failed) {
        lock.lock();
        try {
            work = null;
            failure = failure == null ? failed : failure;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Begins no more. One that has begun comes to its end, or to that of the statement it waits for: its fence makes that harmless. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
