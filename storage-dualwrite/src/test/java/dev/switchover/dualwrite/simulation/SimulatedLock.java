package dev.switchover.dualwrite.simulation;

import java.util.ArrayDeque;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** A reentrant lock whose waits are the scheduler's. */
final class SimulatedLock implements Lock {

    private final Scheduler scheduler;
    private @Nullable Actor owner;
    private int holds;

    SimulatedLock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public void lock() {
        Actor me = scheduler.current();
        if (owner != me) {
            if (owner != null) {
                scheduler.await(() -> owner == null, Long.MAX_VALUE);
            }
            owner = me;
        }
        holds++;
    }

    @Override
    public void unlock() {
        // One that died while it waited for a condition does not hold it any more.
        if (owner == scheduler.current() && --holds == 0) {
            owner = null;
        }
    }

    @Override
    public void lockInterruptibly() {
        lock();
    }

    @Override
    public boolean tryLock() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Condition newCondition() {
        return new Waiters();
    }

    private static final class Waiter {
        private boolean signalled;
    }

    private final class Waiters implements Condition {

        private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

        @Override
        public long awaitNanos(long nanos) {
            long end = scheduler.nanoTime() + nanos;
            int held = holds;
            owner = null;
            holds = 0;
            Waiter waiter = new Waiter();
            waiters.add(waiter);
            scheduler.await(() -> waiter.signalled, nanos);
            waiters.remove(waiter);
            lock();
            holds = held;
            return end - scheduler.nanoTime();
        }

        @Override
        public void signal() {
            Waiter first = waiters.poll();
            if (first != null) {
                first.signalled = true;
            }
        }

        @Override
        public void signalAll() {
            waiters.forEach(waiter -> waiter.signalled = true);
            waiters.clear();
        }

        @Override
        public void await() {
            awaitNanos(Long.MAX_VALUE / 4);
        }

        @Override
        public void awaitUninterruptibly() {
            await();
        }

        @Override
        public boolean await(long time, TimeUnit unit) {
            return awaitNanos(unit.toNanos(time)) > 0;
        }

        @Override
        public boolean awaitUntil(Date deadline) {
            throw new UnsupportedOperationException();
        }
    }
}
