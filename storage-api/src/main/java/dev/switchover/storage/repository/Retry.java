package dev.switchover.storage.repository;

import dev.switchover.storage.StorageException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Does a read-modify-write again when another write came first.
 *
 * <p>Whoever has lost once queues at a gate, so that many threads that change one record take turns instead of reading in
 * vain. The gate only saves work: it is not waited for for long (the change may itself change another record), and processes
 * that share a database meet without one.
 */
final class Retry {

    /** Each lost attempt means that somebody else got something done; as many as this means that something is wrong. */
    static final int ATTEMPTS = 1_000;

    private static final long GATE_MILLIS = 20;
    private static final ReentrantLock[] GATES = new ReentrantLock[64];

    static {
        for (int i = 0; i < GATES.length; i++) {
            GATES[i] = new ReentrantLock(true);
        }
    }

    private Retry() {}

    /** One attempt; it may be made again. */
    interface Attempt<R> {
        R run() throws LostRace;
    }

    /** What was read has been changed by others before it could be written. */
    static final class LostRace extends Exception {

        private static final long serialVersionUID = 1;

        private final StorageException conflict;

        LostRace(StorageException conflict) {
            super(null, conflict, false, false);
            this.conflict = conflict;
        }
    }

    /**
     * @param contended what is fought for, as far as it is known
     * @throws StorageException the last conflict, after {@link #ATTEMPTS} of them
     */
    static <R> R onConflict(Object contended, Attempt<R> attempt) {
        ReentrantLock gate = GATES[Math.floorMod(contended.hashCode(), GATES.length)];
        for (int lost = 0; ; lost++) {
            boolean entered = lost > 0 && enter(gate);
            try {
                return attempt.run();
            } catch (LostRace e) {
                if (lost + 1 >= ATTEMPTS) {
                    throw e.conflict;
                }
            } finally {
                if (entered) {
                    gate.unlock();
                }
            }
            pause(lost);
        }
    }

    private static boolean enter(ReentrantLock gate) {
        try {
            return gate.tryLock(GATE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // The caller's own business; the write goes on without the gate.
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void pause(int lost) {
        if (lost < 2) {
            Thread.onSpinWait();
        } else {
            long most = TimeUnit.MICROSECONDS.toNanos(50L << Math.min(lost, 8));
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most));
        }
    }
}
