package dev.switchover.postgres;

import dev.switchover.storage.UnknownOutcomeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls that are made at the same time be carried out together. As long as fewer than {@code lanes} are at work a caller makes
 * its call alone, at once, as if there were nobody else. Otherwise it waits in line; whoever ends hands its lane over to the first
 * in line, who carries out what has come together by then.
 *
 * <p>Each caller gets what its own call came to. One that was not carried out together with the others is made alone by its
 * caller, and so is one that has waited in line for longer than {@code patience}, or whose caller was interrupted there. Where no
 * lane has begun anything for that long, nobody waits in line at all. Once a call is taken out of the line, its caller waits until it is known what became of it.
 * Thread-safe.
 *
 * @param <C> a call
 * @param <R> what one comes to
 */
final class CombinedCalls<C, R> {

    /** Carries out several calls. */
    interface Together<C, R> {

        /**
         * @param calls two or more, each with another key
         * @return what each came to, or null for one that had no effect at all and has to be made alone
         * @throws RuntimeException if it is not known of any of them
         */
        List<@Nullable R> run(List<C> calls);
    }

    /**
     * @param lanes how many are at work at once before others wait in line
     * @param patience how long a caller waits in line
     * @param mostCalls at once
     * @param mostWeight of the calls carried out at once; a single one may have more
     */
    record Bounds(int lanes, Duration patience, int mostCalls, int mostWeight) {}

    /** Of a call: in a lane, into the line, or past both, because nothing moves. */
    private enum Way {
        LANE,
        LINE,
        BESIDE
    }

    private final Bounds bounds;
    private final Function<? super C, ?> key;
    private final ToIntFunction<? super C> weight;
    private final Together<C, R> together;
    private final Function<RuntimeException, @Nullable RuntimeException> failureOfOthers;

    private final LongSupplier nanoTime;

    private final Object lock = new Object();
    private final Deque<WaitingCall<C, R>> line = new ArrayDeque<>();
    private int atWork;
    /** When a call last began in a lane: long ago, where all lanes are taken, shows that they hang. */
    private long movedAt;

    /**
     * @param key calls of one key are never carried out together
     * @param failureOfOthers of the failure of a run, what each of the others is told; null where nothing of it happened and each
     *     is to be made alone
     * @param nanoTime as {@link System#nanoTime}
     */
    CombinedCalls(
            Bounds bounds,
            Function<? super C, ?> key,
            ToIntFunction<? super C> weight,
            Together<C, R> together,
            Function<RuntimeException, @Nullable RuntimeException> failureOfOthers,
            LongSupplier nanoTime) {
        this.bounds = bounds;
        this.key = key;
        this.weight = weight;
        this.together = together;
        this.failureOfOthers = failureOfOthers;
        this.nanoTime = nanoTime;
    }

    /**
     * @param call made where it is not made alone at once
     * @param alone makes the call by itself, on this thread
     */
    R call(Supplier<C> call, Supplier<R> alone) {
        Way way = enter(null);
        if (way == Way.LINE) {
            WaitingCall<C, R> waiting = new WaitingCall<>(call.get());
            way = enter(waiting);
            if (way == Way.LINE) {
                await(waiting);
                return waiting.state == WaitingCall.State.LEADS ? lead(waiting, alone) : outcome(waiting, alone);
            }
        }
        return way == Way.LANE ? inLane(alone) : alone.get();
    }

    /** @param waiting stands in line if that is the way; null to ask only */
    private Way enter(@Nullable WaitingCall<C, R> waiting) {
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            if (atWork < bounds.lanes && line.isEmpty()) {
                atWork++;
                movedAt = now;
                return Way.LANE;
            } else if (now - movedAt > bounds.patience.toNanos()) {
                return Way.BESIDE;
            } else if (waiting != null) {
                line.add(waiting);
            }
            return Way.LINE;
        }
    }

    private R outcome(WaitingCall<C, R> waiting, Supplier<R> alone) {
        return switch (waiting.state) {
            case DONE -> Objects.requireNonNull(waiting.result);
            case FAILED -> throw Objects.requireNonNull(waiting.failure);
            default -> alone.get();
        };
    }

    /** How many callers wait to be taken. */
    int inLine() {
        synchronized (lock) {
            return line.size();
        }
    }

    private R inLane(Supplier<R> alone) {
        try {
            return alone.get();
        } finally {
            handOver();
        }
    }

    /** The first in line goes on in this lane; nobody there, and it is free. */
    private void handOver() {
        WaitingCall<C, R> next;
        synchronized (lock) {
            next = line.poll();
            if (next == null) {
                atWork--;
                return;
            }
            next.state = WaitingCall.State.TAKEN;
            movedAt = nanoTime.getAsLong();
        }
        next.become(WaitingCall.State.LEADS);
    }

    /** Until it is known what becomes of it. */
    private void await(WaitingCall<C, R> waiting) {
        boolean interrupted = false;
        long deadline = nanoTime.getAsLong() + bounds.patience.toNanos();
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

    private R lead(WaitingCall<C, R> leader, Supplier<R> alone) {
        List<WaitingCall<C, R>> taken = take(leader);
        if (taken.size() == 1) {
            return inLane(alone);
        }
        // An interrupt is for this caller, not for those it works for.
        boolean interrupted = Thread.interrupted();
        Outcome<R> outcome = new Outcome<>(List.of(), null);
        try {
            outcome = run(taken);
        } finally {
            // Of a run that ended with an error nobody knows anything.
            boolean cut = Thread.interrupted();
            interrupted |= cut;
            handOver();
            settle(taken, outcome, cut);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return outcome(leader, alone);
    }

    /** The leader's call and those behind it; of one key the first, so that the others come later. */
    private List<WaitingCall<C, R>> take(WaitingCall<C, R> leader) {
        List<WaitingCall<C, R>> taken = new ArrayList<>();
        taken.add(leader);
        Set<Object> keys = new HashSet<>();
        keys.add(key.apply(leader.call));
        long heavy = weight.applyAsInt(leader.call);
        synchronized (lock) {
            Iterator<WaitingCall<C, R>> others = line.iterator();
            while (others.hasNext() && taken.size() < bounds.mostCalls) {
                WaitingCall<C, R> other = others.next();
                if (heavy + weight.applyAsInt(other.call) > bounds.mostWeight) {
                    break;
                }
                if (keys.add(key.apply(other.call))) {
                    heavy += weight.applyAsInt(other.call);
                    others.remove();
                    other.state = WaitingCall.State.TAKEN;
                    taken.add(other);
                }
            }
        }
        return taken;
    }

    /** @param results empty if it failed */
    private record Outcome<R>(
            List<@Nullable R> results, @Nullable RuntimeException failure) {}

    private Outcome<R> run(List<WaitingCall<C, R>> taken) {
        try {
            List<@Nullable R> results =
                    together.run(taken.stream().map(one -> one.call).toList());
            if (results.size() != taken.size()) {
                throw new IllegalStateException(results.size() + " results of " + taken.size() + " calls");
            }
            return new Outcome<>(results, null);
        } catch (RuntimeException e) {
            return new Outcome<>(List.of(), e);
        }
    }

    /** @param cut whether the leader was interrupted meanwhile, which may be why it failed */
    private void settle(List<WaitingCall<C, R>> taken, Outcome<R> outcome, boolean cut) {
        for (int i = 0; i < taken.size(); i++) {
            WaitingCall<C, R> one = taken.get(i);
            if (outcome.failure == null && outcome.results.isEmpty()) {
                one.failure = new UnknownOutcomeException(
                        "Whoever wrote this together with others ended with an error. Read the record to find out",
                        null);
                one.become(WaitingCall.State.FAILED);
            } else if (outcome.failure == null) {
                one.result = outcome.results.get(i);
                one.become(one.result == null ? WaitingCall.State.ALONE : WaitingCall.State.DONE);
            } else {
                RuntimeException told = failureOfOthers.apply(outcome.failure);
                one.failure = cut && !(told instanceof UnknownOutcomeException) ? null : told;
                one.become(one.failure == null ? WaitingCall.State.ALONE : WaitingCall.State.FAILED);
            }
        }
    }
}
