package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.Written;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Where writers leave what they have committed, and the worker takes it. Leaving nothing here is always safe: the marks are
 * durable and polling finds them. Thread-safe.
 *
 * <p>A writer that comes while the worker rests may take its turn: it does with its own ticket what the worker would, and the
 * worker does nothing meanwhile. That saves two hand-overs between threads, which take longer than the work. Where several come at a
 * time they are carried over together, by the worker or by whoever committed them together, and nobody else's waits for one alone.
 */
final class WrittenQueue {

    /** What a writer does while the worker rests. */
    @FunctionalInterface
    interface Turn {

        /** @return false if that is for the worker to do */
        boolean take(List<Ticket> tickets);
    }

    private final int capacity;
    private final Pace pace;
    private final Lock lock;
    private final Condition work;
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    private final UnclaimedTickets unclaimed = new UnclaimedTickets();

    private int records;
    private boolean open;
    private @Nullable Turn turn;
    private boolean resting;
    private boolean turnTaken;
    private boolean crowd;
    private boolean missed;
    private boolean woken;

    /** @param capacity how many records wait here at most, about */
    WrittenQueue(int capacity, Pace pace) {
        this.capacity = capacity;
        this.pace = pace;
        this.lock = pace.newLock();
        this.work = lock.newCondition();
    }

    /** Returns null if the worker does not take any now, or has too many already. It may be finished when this returns. */
    @Nullable
    Ticket offer(List<Written> written) {
        Ticket ticket = unclaimed.claim(written.get(0));
        if (ticket != null) {
            return ticket;
        }
        Turn mine;
        lock.lock();
        try {
            if (!hasRoom()) {
                return null;
            }
            ticket = new Ticket(written, pace);
            mine = leave(List.of(ticket), !crowd);
        } finally {
            lock.unlock();
        }
        if (mine != null) {
            take(mine, List.of(ticket));
        }
        return ticket;
    }

    /** The same for what several writers have committed, and do not know yet: each finds its ticket when it offers the same. */
    void offerTogether(List<Written> all) {
        List<Ticket> together = new ArrayList<>(all.size());
        Turn mine;
        lock.lock();
        try {
            if (!hasRoom()) {
                return;
            }
            for (Written written : all) {
                Ticket ticket = new Ticket(List.of(written), pace);
                unclaimed.add(written, ticket);
                together.add(ticket);
            }
            mine = leave(together, true);
        } finally {
            lock.unlock();
        }
        if (mine != null) {
            take(mine, together);
        }
    }

    /** Its writer does not ask for its ticket. */
    void forget(Written written) {
        unclaimed.claim(written);
    }

    private boolean hasRoom() {
        if (open && records >= capacity) {
            missed = true;
            signal();
        }
        return open && records < capacity;
    }

    /** Returns null if they are left to the worker, otherwise what is to be done with them. */
    private @Nullable Turn leave(List<Ticket> together, boolean mayTakeTurn) {
        Turn mine = mayTakeTurn && resting && !turnTaken && tickets.isEmpty() ? turn : null;
        if (mine == null) {
            add(together);
        } else {
            turnTaken = true;
        }
        return mine;
    }

    private void add(List<Ticket> together) {
        for (Ticket ticket : together) {
            tickets.add(ticket);
            records += ticket.written().size();
        }
        signal();
    }

    /** Not during a turn: what waits is looked at when it ends. */
    private void signal() {
        if (!turnTaken) {
            work.signal();
        }
    }

    private void take(Turn mine, List<Ticket> together) {
        boolean taken = false;
        try {
            taken = mine.take(together);
        } finally {
            lock.lock();
            try {
                turnTaken = false;
                if (!taken) {
                    add(together);
                } else if (!resting || missed || woken || !tickets.isEmpty()) {
                    signal();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** What waits, up to these bounds but at least one, after waiting for it at most this long or until woken. */
    List<Ticket> take(long nanos, int maxRecords, long maxBytes) {
        lock.lock();
        try {
            rest(nanos);
            woken = false;
            List<Ticket> taken = new ArrayList<>();
            int count = 0;
            long bytes = 0;
            while (!tickets.isEmpty() && (taken.isEmpty() || (count < maxRecords && bytes < maxBytes))) {
                Ticket ticket = tickets.remove();
                taken.add(ticket);
                count += ticket.written().size();
                bytes += bytes(ticket);
            }
            records -= count;
            if (!taken.isEmpty()) {
                crowd = taken.size() > 1;
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void rest(long nanos) {
        resting = true;
        try {
            long left = nanos;
            while (tickets.isEmpty() && !missed && !woken && left > 0) {
                left = work.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody but close ends the worker, and it does so by waking it.
        } finally {
            endRest();
        }
    }

    /** A turn that was taken before is waited for. */
    private void endRest() {
        resting = false;
        while (turnTaken) {
            work.awaitUninterruptibly();
        }
    }

    /** Does what writers' turns may go on beside. By the worker. */
    void beside(Runnable slow) {
        lock.lock();
        resting = true;
        lock.unlock();
        try {
            slow.run();
        } finally {
            lock.lock();
            try {
                endRest();
            } finally {
                lock.unlock();
            }
        }
    }

    private static long bytes(Ticket ticket) {
        long bytes = 0;
        for (Written written : ticket.written()) {
            RawRecord record = written.record();
            bytes += record == null ? 0 : record.body().length;
        }
        return bytes;
    }

    /** Whether something was turned away since this was asked last. */
    boolean takeMissed() {
        lock.lock();
        try {
            boolean result = missed;
            missed = false;
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** @param turns what writers may do themselves; null for nothing */
    void open(@Nullable Turn turns) {
        lock.lock();
        try {
            turn = turns;
            open = true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more, and lets all who wait go. */
    void close() {
        lock.lock();
        try {
            open = false;
            turn = null;
            tickets.forEach(Ticket::finish);
            tickets.clear();
            unclaimed.clear();
            records = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits this long, or until woken. */
    void pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!woken && left > 0) {
                left = work.awaitNanos(left);
            }
            woken = false;
        } catch (InterruptedException e) {
            // As in take.
        } finally {
            lock.unlock();
        }
    }

    /** Ends a wait of the worker. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            signal();
        } finally {
            lock.unlock();
        }
    }
}
