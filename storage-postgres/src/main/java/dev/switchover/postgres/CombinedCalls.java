package dev.switchover.postgres;

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
 * its call alone, at once, as if there were nobody else. Otherwise it waits in line; as soon as a lane is free a thread begins to
 * carry out what has come together, again and again until nobody is in line. A thread of its own, for whoever was woken to lead the
 * others would have to wait for a processor first, of which those that have just been served have all.
 *
 * <p>Each caller gets what its own call came to. One that was not carried out together with the others is made alone by its
 * caller, and so is one that has waited in line for longer than {@code patience}, or whose caller was interrupted there. Where
 * nothing has begun for that long, nobody waits in line at all. Once a call is taken out of the line, its caller waits until it is
 * known what became of it. Thread-safe. Close it: then everybody is alone.
 *
 * @param <C> a call
 * @param <R> what one comes to
 */
final class CombinedCalls<C, R> implements AutoCloseable {

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

    /** After which the thread ends; another one begins when there is something to do again. */
    private static final long IDLE_MILLIS = 10_000;

    private final String name;
    private final Bounds bounds;
    private final Function<? super C, ?> key;
    private final ToIntFunction<? super C> weight;
    private final CombinedRun<C, R> run;
    private final LongSupplier nanoTime;

    private final Object lock = new Object();
    private final Deque<WaitingCall<C, R>> line = new ArrayDeque<>();
    private @Nullable Thread thread;
    /** Whether the thread is to take what is in line, or at it. While it is, nobody goes alone. */
    private boolean taking;

    private int inLanes;
    private boolean closed;
    /** When something last began: long ago, where all lanes are taken, shows that they hang. */
    private long movedAt;

    /**
     * @param name of the thread
     * @param key calls of one key are never carried out together
     * @param nanoTime as {@link System#nanoTime}
     */
    CombinedCalls(
            String name,
            Bounds bounds,
            Function<? super C, ?> key,
            ToIntFunction<? super C> weight,
            CombinedRun<C, R> run,
            LongSupplier nanoTime) {
        this.name = name;
        this.bounds = bounds;
        this.key = key;
        this.weight = weight;
        this.run = run;
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
                return outcome(waiting, alone);
            }
        }
        return way == Way.LANE ? inLane(alone) : alone.get();
    }

    /** @param waiting stands in line if that is the way; null to ask only */
    private Way enter(@Nullable WaitingCall<C, R> waiting) {
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            if (closed) {
                return Way.BESIDE;
            } else if (!taking && inLanes < bounds.lanes && line.isEmpty()) {
                inLanes++;
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
            synchronized (lock) {
                inLanes--;
                takeIfAny();
            }
        }
    }

    /** Under the lock: lets the thread take what is in line. */
    private void takeIfAny() {
        if (taking || line.isEmpty()) {
            return;
        }
        taking = true;
        if (thread == null) {
            Thread begun = new Thread(this::work, name);
            begun.setDaemon(true);
            thread = begun;
            begun.start();
        } else {
            lock.notifyAll();
        }
    }

    private void work() {
        try {
            for (List<WaitingCall<C, R>> taken = take(); !taken.isEmpty(); taken = take()) {
                run.of(taken);
            }
        } finally {
            synchronized (lock) {
                thread = null;
                taking = false;
                takeIfAny();
            }
        }
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

    /** The first in line and those behind it, of one key the first, so that the others come later. None when it is time to end. */
    private List<WaitingCall<C, R>> take() {
        List<WaitingCall<C, R>> taken = new ArrayList<>();
        Set<Object> keys = new HashSet<>();
        long heavy = 0;
        synchronized (lock) {
            if (!awaitLine()) {
                return taken;
            }
            movedAt = nanoTime.getAsLong();
            Iterator<WaitingCall<C, R>> all = line.iterator();
            while (all.hasNext() && taken.size() < bounds.mostCalls) {
                WaitingCall<C, R> one = all.next();
                if (!taken.isEmpty() && heavy + weight.applyAsInt(one.call) > bounds.mostWeight) {
                    break;
                }
                if (keys.add(key.apply(one.call))) {
                    heavy += weight.applyAsInt(one.call);
                    all.remove();
                    one.state = WaitingCall.State.TAKEN;
                    taken.add(one);
                }
            }
        }
        return taken;
    }

    /** Under the lock. @return false if nobody has come for long, or nobody is to come any more */
    private boolean awaitLine() {
        taking = !line.isEmpty();
        long end = System.nanoTime() + IDLE_MILLIS * 1_000_000;
        while (!taking && !closed) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            try {
                lock.wait(left);
            } catch (InterruptedException nobodyShould) {
                return false;
            }
            taking = taking && !line.isEmpty(); // who was in line may have left it
        }
        return !line.isEmpty();
    }

    /** Whoever is in line makes its call alone. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            for (WaitingCall<C, R> one = line.poll(); one != null; one = line.poll()) {
                one.become(WaitingCall.State.ALONE);
            }
            lock.notifyAll();
        }
    }
}
