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

/**
 * The lanes of {@link CombinedCalls}, and the line before them: who goes when, and with whom. Thread-safe.
 *
 * <p>A lane hangs if nothing has begun in it for longer than {@code patience}; it does not count among those a crowd leaves.
 */
final class CallLine<C, R> {

    /** So that whoever has just been served, and calls again, goes along with the next run and not with the one after it. */
    private static final long LINGER_NANOS = 20_000;

    /** One that is carried out is woken by another caller; after so long it looks by itself, should that one have come to grief. */
    private static final long LOOK_NANOS = 50_000_000;

    /** Work under way: one call, or several together. Passed on from one caller to the next. */
    static final class Lane<C, R> {

        /** What is carried out together now. Of the caller whose lane it is. */
        final List<WaitingCall<C, R>> taken;

        private long beganAt;

        private Lane(int mostCalls, long now) {
            this.taken = new ArrayList<>(mostCalls);
            this.beganAt = now;
        }
    }

    /** Of a call: in a lane, into the line, or past both, because nothing moves. */
    enum Way {
        LANE,
        LINE,
        BESIDE
    }

    /** @param lane null unless that is the way */
    record Entry<C, R>(Way way, @Nullable Lane<C, R> lane) {}

    private final Bounds bounds;
    private final Function<? super C, ?> key;
    private final ToIntFunction<? super C> weight;
    private final LongSupplier nanoTime;

    private final Object lock = new Object();
    private final Deque<WaitingCall<C, R>> line = new ArrayDeque<>();
    private final List<Lane<C, R>> lanes;
    /** Whether a crowd was carried out together, and no leader has found itself alone since. */
    private boolean crowded;

    /** The parameters as those of {@link CombinedCalls}. */
    CallLine(Bounds bounds, Function<? super C, ?> key, ToIntFunction<? super C> weight, LongSupplier nanoTime) {
        this.bounds = bounds;
        this.key = key;
        this.weight = weight;
        this.nanoTime = nanoTime;
        this.lanes = new ArrayList<>(bounds.lanes());
    }

    /** @param waiting stands in line if that is the way; null to ask only */
    Entry<C, R> enter(@Nullable WaitingCall<C, R> waiting) {
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            int moving = moving(now, null);
            boolean free = lanes.size() < bounds.lanes();
            if (free && (moving == 0 || line.isEmpty() && moving < wanted())) {
                return new Entry<>(Way.LANE, open(now));
            } else if (moving == 0) {
                return new Entry<>(Way.BESIDE, null);
            } else if (waiting != null) {
                line.add(waiting);
            }
            return new Entry<>(Way.LINE, null);
        }
    }

    private Lane<C, R> open(long now) {
        Lane<C, R> lane = new Lane<>(bounds.mostCalls(), now);
        lanes.add(lane);
        return lane;
    }

    private int wanted() {
        return crowded ? bounds.lanesInCrowd() : bounds.lanes();
    }

    /** How many lanes do not hang, without this one. */
    private int moving(long now, @Nullable Lane<C, R> without) {
        int moving = 0;
        for (Lane<C, R> lane : lanes) {
            if (lane != without && now - lane.beganAt <= bounds.patience().toNanos()) {
                moving++;
            }
        }
        return moving;
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
            return lanes.size();
        }
    }

    /** The first in line goes on in this lane. It ends if there is nobody, or if others are enough for a crowd. */
    void handOver(Lane<C, R> lane) {
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            if (line.isEmpty() || moving(now, lane) >= wanted()) {
                lanes.remove(lane);
                return;
            }
            leads(line.remove(), lane, now);
        }
    }

    /** Those who wait where there is no crowd any more get what lanes are free. */
    private void spread() {
        long now = nanoTime.getAsLong();
        while (!crowded && !line.isEmpty() && lanes.size() < bounds.lanes()) {
            Lane<C, R> another = open(now);
            leads(line.remove(), another, now);
        }
    }

    private void leads(WaitingCall<C, R> next, Lane<C, R> lane, long now) {
        lane.beganAt = now;
        next.leads(lane);
    }

    /** Waits a moment for those who were served just now, as long as they may come back and have no other lane. */
    void linger(int served) {
        boolean fewer;
        synchronized (lock) {
            fewer = wanted() < bounds.lanes() && line.size() < served;
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
                LockSupport.parkNanos(this, LOOK_NANOS);
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

    /** Into the lane, its leader's call and those behind it; of one key the first, so that the others come later. */
    void take(WaitingCall<C, R> leader, Lane<C, R> lane) {
        List<WaitingCall<C, R>> taken = lane.taken;
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
                    taken.add(other);
                    other.state = WaitingCall.State.TAKEN;
                    others.remove();
                }
            }
            crowded = taken.size() >= bounds.crowd() || crowded && taken.size() > 1;
            spread();
        }
    }
}
