package dev.switchover.dualwrite.simulation;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One thread of the simulated world. It runs only while it has the baton. */
final class Actor {

    final String name;
    final int number;
    /** Null for one that belongs to no process, such as a statement under way. */
    final @Nullable Lifeline lifeline;

    @Nullable
    BooleanSupplier until;

    /** What the client that runs here is at, so that an effect is known by it. */
    @Nullable
    Operation operation;

    boolean waiting;
    long wakeAt;
    boolean finished;

    private volatile @Nullable Thread thread;
    private volatile boolean baton;

    Actor(String name, int number, @Nullable Lifeline lifeline) {
        this.name = name;
        this.number = number;
        this.lifeline = lifeline;
    }

    boolean isDead() {
        return lifeline != null && lifeline.isDead();
    }

    boolean mayRun(long now) {
        if (lifeline != null && !lifeline.isDead() && lifeline.frozenUntil() > now) {
            return false;
        }
        if (!waiting || isDead() || wakeAt <= now) {
            return true;
        }
        BooleanSupplier condition = until;
        return condition != null && condition.getAsBoolean();
    }

    /** When it may run although nothing happens. */
    long mayRunAt() {
        long frozen = lifeline == null ? Long.MIN_VALUE : lifeline.frozenUntil();
        return Math.max(waiting ? wakeAt : Long.MIN_VALUE, frozen);
    }

    void give() {
        baton = true;
        Thread waitingThread = thread;
        if (waitingThread != null) {
            LockSupport.unpark(waitingThread);
        }
    }

    void awaitBaton() {
        thread = Thread.currentThread();
        while (!baton) {
            LockSupport.park(this);
        }
        baton = false;
    }

    @Override
    public String toString() {
        return name;
    }
}
