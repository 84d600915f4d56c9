package dev.switchover.dualwrite.schedule;

import dev.switchover.storage.StorageException;
import dev.switchover.storage.spi.Threads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that follows what is written, as an export does, on a thread of its own: one run at a time, and one more if something was
 * written meanwhile. The first write after a pause is followed at once, the next ones not before the pause is over. A run that failed
 * is tried again, whether or not something is written. Thread-safe.
 */
public final class AfterWrites implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.schedule");

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    private final String name;
    private final Duration pause;
    private final Runnable work;
    private final Clock clock;
    private final Duration closing;
    private final Thread thread;
    /** Counts what is to be followed; {@code done} is how much of that has been. */
    private final AtomicLong wanted = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile long done;
    private volatile long hurried;
    private volatile boolean closed;
    private volatile @Nullable Instant doneAt;
    private volatile @Nullable Failure failure;
    private int failures; // of the thread's

    /** Why what was written is not followed, and since when. */
    public record Failure(Instant since, String reason) {}

    /**
     * @param name what is done, for messages
     * @param pause between the beginnings of two runs, at least
     * @param work throws a {@link StorageException} if it failed
     * @param closing how long closing waits for what is still to be done
     */
    public AfterWrites(String name, Duration pause, Runnable work, Clock clock, Duration closing) {
        this.name = name;
        this.pause = pause;
        this.work = work;
        this.clock = clock;
        this.closing = closing;
        this.thread = new Thread(this::run, "switchover-after-writes");
        thread.setDaemon(true);
    }

    /** @param atOnce whether the first run is made now: the process before this one may have been killed before its last one */
    public void start(boolean atOnce) {
        if (atOnce) {
            wanted.incrementAndGet();
        }
        thread.start();
    }

    /** Something was written. Never waits. */
    public void written() {
        // Whoever is busy looks again when it is done; only who sleeps has to be woken.
        if (wanted.getAndIncrement() == done) {
            LockSupport.unpark(thread);
        }
    }

    /** When the last run ended well; null if none has. */
    public @Nullable Instant doneAt() {
        return doneAt;
    }

    /** Null while nothing is wrong. */
    public @Nullable Failure failure() {
        return failure;
    }

    /** Waits until everything that was written before has been followed; the pause is cut short. @return false if it took longer */
    public boolean awaitDone(Duration atMost) {
        long target = wanted.get();
        hurried = Math.max(hurried, target);
        LockSupport.unpark(thread);
        long left = atMost.toNanos();
        boolean interrupted = false;
        lock.lock();
        try {
            while (done < target && left > 0 && !interrupted) {
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return done >= target;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Does what is still to be done, without the pause, bounded. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        Threads.join(thread, closing);
        if (done < wanted.get()) {
            LOG.warn("What was written last is not in {}, which was not made in time before closing", name);
        }
    }

    private void run() {
        long notBefore = System.nanoTime();
        while (true) {
            long next = wanted.get();
            if (next == done) {
                if (closed) {
                    return;
                }
                LockSupport.park(this);
                continue;
            }
            long left = notBefore - System.nanoTime();
            if (left > 0 && !closed && !isHurried()) {
                LockSupport.parkNanos(this, left);
                continue;
            }
            boolean last = closed;
            long began = System.nanoTime();
            hurried = Math.min(hurried, next);
            if (runOnce()) {
                ended(next);
                notBefore = began + pause.toNanos();
            } else {
                hurried = 0;
                notBefore = System.nanoTime() + Math.max(pause.toNanos(), retry().toNanos());
                if (last) {
                    return;
                }
            }
        }
    }

    private boolean isHurried() {
        return hurried > done;
    }

    private void ended(long upTo) {
        lock.lock();
        try {
            done = upTo;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean runOnce() {
        try {
            work.run();
        } catch (StorageException e) {
            failed(String.valueOf(e.getMessage()));
            return false;
        } catch (RuntimeException e) {
            LOG.error("{} failed by a mistake of the library's", name, e);
            failed(e.getClass().getName());
            return false;
        }
        Failure before = failure;
        if (before != null) {
            LOG.info("{} works again; it had failed since {}", name, before.since());
        }
        failures = 0;
        failure = null;
        doneAt = clock.instant();
        return true;
    }

    /** An outage is told of once, however long it takes. */
    private void failed(String reason) {
        Failure before = failure;
        if (before == null) {
            LOG.warn("{} failed, and is tried again until it works: {}", name, reason);
        }
        failures++;
        failure = new Failure(before == null ? clock.instant() : before.since(), reason);
    }

    private Duration retry() {
        Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 10));
        return wait.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : wait;
    }
}
