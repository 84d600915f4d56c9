package dev.switchover.postgres;

import dev.switchover.postgres.CombinedCalls.Bounds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The lanes of {@link CombinedCalls}, and the line before them: who goes when, and with whom. Thread-safe. */
final class CallLine<C, R> {

    /** So that whoever has just been served, and calls again, goes along with the next run and not with the one after it. */
    private static final long LINGER_NANOS = 20_000;

    /** Of a call: in a lane, into the line, or past both, because nothing moves. */
    enum Way {
        LANE,
        LINE,
        BESIDE
    }

    private final Bounds bounds;
    private final Function<? super C, ?> key;
    private final ToIntFunction<? super C> weight;
    private final LongSupplier nanoTime;

    private final Object lock = new Object();
    private final Deque<WaitingCall<C, R>> line = new ArrayDeque<>();
    private int atWork;
    /** Whether a crowd was carried out together, and nobody has been alone since. */
    private boolean crowded;
    /** When a call last began in a lane: long ago, where all lanes are taken, shows that they hang. */
    private long movedAt;

    /** The parameters as those of {@link CombinedCalls}. */
    CallLine(Bounds bounds, Function<? super C, ?> key, ToIntFunction<? super C> weight, LongSupplier nanoTime) {
        this.bounds = bounds;
        this.key = key;
        this.weight = weight;
        this.nanoTime = nanoTime;
    }

    /** @param waiting stands in line if that is the way; null to ask only */
    Way enter(@Nullable WaitingCall<C, R> waiting) {
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            if (atWork < lanes() && line.isEmpty()) {
                atWork++;
                movedAt = now;
                return Way.LANE;
            } else if (now - movedAt > bounds.patience().toNanos()) {
                return Way.BESIDE;
            } else if (waiting != null) {
                line.add(waiting);
            }
            return Way.LINE;
        }
    }

    private int lanes() {
        return crowded ? bounds.lanesInCrowd() : bounds.lanes();
    }

    /** How many callers wait to be taken. */
    int inLine() {
        synchronized (lock) {
            return line.size();
        }
    }

    /** How many lanes are taken. */
    int atWork() {
        synchronized (lock) {
            return atWork;
        }
    }

    /** The first in line goes on in this lane; it is free if there is nobody, and closed if there are enough others. */
    void handOver() {
        WaitingCall<C, R> next;
        synchronized (lock) {
            next = atWork > lanes() ? null : line.poll();
            if (next == null) {
                atWork--;
                return;
            }
            next.state = WaitingCall.State.TAKEN;
            movedAt = nanoTime.getAsLong();
        }
        next.become(WaitingCall.State.LEADS);
    }

    /** Waits a moment for those who were served just now, as long as they may come back. */
    void linger(int served) {
        boolean fewer;
        synchronized (lock) {
            fewer = crowded && line.size() < served;
        }
        if (fewer) {
            LockSupport.parkNanos(this, LINGER_NANOS);
        }
    }

    /** Until it is known what becomes of it. */
    void await(WaitingCall<C, R> waiting) {
        boolean interrupted = false;
        long deadline = nanoTime.getAsLong() + bounds.patience().toNanos();
        while (!waiting.settled()) {
            long left = deadline - nanoTime.getAsLong();
            if (waiting.state == WaitingCall.State.TAKEN) {
                LockSupport.park(this);
            } else if (left > 0 && !interrupted) {
                LockSupport.parkNanos(this, left);
            } else {
                leave(waiting);
            }
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(WaitingCall<C, R> waiting) {
        synchronized (lock) {
            if (line.remove(waiting)) {
                waiting.state = WaitingCall.State.ALONE;
            }
        }
    }

    /** The leader's call and those behind it; of one key the first, so that the others come later. */
    List<WaitingCall<C, R>> take(WaitingCall<C, R> leader) {
        List<WaitingCall<C, R>> taken = new ArrayList<>();
        taken.add(leader);
        Set<Object> keys = new HashSet<>();
        keys.add(key.apply(leader.call));
        long heavy = weight.applyAsInt(leader.call);
        synchronized (lock) {
            Iterator<WaitingCall<C, R>> others = line.iterator();
            while (others.hasNext() && taken.size() < bounds.mostCalls()) {
                WaitingCall<C, R> other = others.next();
                if (heavy + weight.applyAsInt(other.call) > bounds.mostWeight()) {
                    break;
                }
                if (keys.add(key.apply(other.call))) {
                    heavy += weight.applyAsInt(other.call);
                    others.remove();
                    other.state = WaitingCall.State.TAKEN;
                    taken.add(other);
                }
            }
            crowded = taken.size() >= bounds.crowd() || crowded && taken.size() > 1;
        }
        return taken;
    }
}
