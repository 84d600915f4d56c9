package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.mirror.SimulatedMirror.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides by a seed which actor goes on, and lets time pass. Each actor has a thread of its own, but only the one with the baton
 * runs, so a seed gives the same run every time.
 */
final class Scheduler implements Time {

    static final long MILLISECOND = 1_000_000;
    static final long SECOND = 1_000 * MILLISECOND;

    private static final long FOREVER = Long.MAX_VALUE / 4;
    private static final int STEPS_AT_MOST = 400_000;

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "simulated");
        thread.setDaemon(true);
        return thread;
    });

    private final SplittableRandom random;
    private final Trace trace;
    private final List<Actor> actors = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final double switchRate;
    private double stallRate;
    private Actor current = new Actor("nobody", -1, null);
    private int numbers;
    private int steps;
    private long now = SECOND;
    private volatile @Nullable Throwable failure;
    private volatile boolean over;

    Scheduler(long seed, Trace trace) {
        this.random = new SplittableRandom(seed);
        this.trace = trace;
        double rate = random.nextDouble();
        this.switchRate = 0.03 + 0.5 * rate * rate;
        this.stallRate = random.nextInt(3) == 0 ? 0.02 * random.nextDouble() : 0;
    }

    SplittableRandom random() {
        return random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    Actor current() {
        return current;
    }

    int steps() {
        return steps;
    }

    /** From now on nobody is held up. */
    void calm() {
        stallRate = 0;
    }

    /** Runs the body as the first actor until it ends, then everything is over. Throws what anybody has thrown. */
    void run(Runnable body) throws InterruptedException {
        Actor first = spawn("director", null, () -> {
            body.run();
            over = true;
        });
        current = first;
        first.give();
        if (!ended.await(120, TimeUnit.SECONDS)) {
            throw new AssertionError("the baton got lost at " + current);
        }
        Throwable thrown = failure;
        if (thrown != null) {
            throw new AssertionError(thrown.getMessage(), thrown);
        }
    }

    Actor spawn(String name, @Nullable Lifeline lifeline, Runnable work) {
        Actor actor = new Actor(name, numbers++, lifeline);
        actors.add(actor);
        THREADS.execute(() -> {
            actor.awaitBaton();
            try {
                if (!over) {
                    work.run();
                }
            } catch (Death e) {
                // It belonged to a process that has died, or everything is over.
            } catch (Throwable e) {
                fail(e);
            } finally {
                leave(actor);
            }
        });
        return actor;
    }

    /** Whether a thread of a dead process is still to be unwound. */
    boolean someUnwind() {
        return actors.stream().anyMatch(Actor::isDead);
    }

    private void fail(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        }
        over = true;
    }

    private void leave(Actor actor) {
        actor.finished = true;
        actors.remove(actor);
        if (actors.isEmpty()) {
            ended.countDown();
            return;
        }
        try {
            give(next());
        } catch (Violation e) {
            fail(e);
            give(actors.get(0));
        }
    }

    private void give(Actor actor) {
        current = actor;
        actor.give();
    }

    /** The present actor may be held up, and another one may go on. */
    void step(String what, @Nullable Object detail) {
        requireAlive();
        trace.add(now, current, what, detail);
        now += 1 + random.nextInt(100_000);
        if (++steps > STEPS_AT_MOST) {
            throw new Violation("no end after " + steps + " steps");
        }
        if (stallRate > 0 && current.number > 0 && random.nextDouble() < stallRate) {
            sleep(random.nextLong(random.nextInt(8) == 0 ? 45 * SECOND : 2 * SECOND));
        } else if (random.nextDouble() < switchRate) {
            pass();
        }
        requireAlive();
    }

    void sleep(long nanos) {
        await(() -> false, nanos);
    }

    @Override
    public boolean await(BooleanSupplier until, long nanos) {
        requireAlive();
        Actor me = current;
        if (until.getAsBoolean()) {
            return true;
        }
        if (nanos <= 0) {
            return false;
        }
        me.waiting = true;
        me.until = until;
        me.wakeAt = nanos >= FOREVER ? FOREVER : now + nanos;
        try {
            pass();
        } finally {
            me.waiting = false;
            me.until = null;
        }
        requireAlive();
        return until.getAsBoolean();
    }

    private void pass() {
        Actor me = current;
        Actor next = next();
        if (next != me) {
            give(next);
            me.awaitBaton();
        }
    }

    private Actor next() {
        if (over) {
            return actors.get(0);
        }
        while (true) {
            List<Actor> ready = new ArrayList<>(actors.size());
            long earliest = FOREVER;
            for (Actor actor : actors) {
                if (actor.mayRun(now)) {
                    ready.add(actor);
                } else {
                    earliest = Math.min(earliest, actor.mayRunAt());
                }
            }
            if (!ready.isEmpty()) {
                return ready.get(random.nextInt(ready.size()));
            }
            if (earliest >= FOREVER) {
                throw new Violation("everybody waits for ever: " + actors);
            }
            now = Math.max(now + 1, earliest);
        }
    }

    private void requireAlive() {
        if (over || current.isDead()) {
            throw new Death();
        }
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public double random01() {
        return random.nextDouble();
    }

    @Override
    public Lock newLock() {
        return new SimulatedLock(this);
    }

    @Override
    public BooleanSupplier start(Runnable work, String name) {
        Actor parent = current;
        Actor actor = spawn(parent.lifeline == null ? name : parent.name + "/" + name, parent.lifeline, work);
        return () -> actor.finished;
    }
}
