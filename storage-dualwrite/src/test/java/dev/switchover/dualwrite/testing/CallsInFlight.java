package dev.switchover.dualwrite.testing;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The calls that have begun in a {@link MemoryDisk} and not ended, for whoever waits for them. Guarded by the disk's lock. */
final class CallsInFlight {

    /** Of one call. */
    static final class Ticket {
        private final Call call;

        private Ticket(Call call) {
            this.call = call;
        }

        @Override
        public String toString() {
            return call.toString();
        }
    }

    private final ReentrantLock lock;
    private final Condition ended;
    private final Set<Ticket> inFlight = new LinkedHashSet<>();

    CallsInFlight(ReentrantLock lock) {
        this.lock = lock;
        this.ended = lock.newCondition();
    }

    Ticket begin(Call call) {
        Ticket ticket = new Ticket(call);
        lock.lock();
        try {
            inFlight.add(ticket);
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    void end(Ticket ticket) {
        lock.lock();
        try {
            inFlight.remove(ticket);
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    List<Ticket> to(String collection) {
        lock.lock();
        try {
            return inFlight.stream()
                    .filter(ticket -> ticket.call.collections().contains(collection))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    boolean haveEnded(List<Ticket> tickets) {
        return tickets.stream().noneMatch(inFlight::contains);
    }

    boolean awaitEnd(List<Ticket> tickets, Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        lock.lock();
        try {
            while (!haveEnded(tickets)) {
                if (ended.awaitNanos(end - System.nanoTime()) <= 0) {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
