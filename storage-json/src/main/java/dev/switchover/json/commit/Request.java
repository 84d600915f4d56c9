package dev.switchover.json.commit;

import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Something to be committed, and its caller waiting for it. */
final class Request<R> {

    private enum Status {
        WAITING,
        TAKEN,
        GIVEN_UP,
        DONE
    }

    private final Function<Draft, R> work;
    private final boolean force;
    private final @Nullable Runnable afterwards;
    private final Thread caller = Thread.currentThread();
    private final AtomicReference<Status> status = new AtomicReference<>(Status.WAITING);
    private @Nullable R value;
    private @Nullable RuntimeException failure;

    /**
     * @param force whether it has to be on the disk before it is told
     * @param afterwards run by the committer when the batch is committed
     */
    Request(Function<Draft, R> work, boolean force, @Nullable Runnable afterwards) {
        this.work = work;
        this.force = force;
        this.afterwards = afterwards;
    }

    boolean needsForce() {
        return force;
    }

    /** False if the caller has given up. From now on it waits for what comes of it. */
    boolean take() {
        return status.compareAndSet(Status.WAITING, Status.TAKEN);
    }

    /** Does the work. @return false if it was refused */
    boolean run(Draft draft) {
        try {
            value = work.apply(draft);
            return true;
        } catch (RuntimeException refused) {
            // The caller's: a refusal, or a mistake in what it handed in. The committer goes on.
            failure = refused;
            return false;
        }
    }

    void committed() {
        if (afterwards != null && failure == null) {
            try {
                afterwards.run();
            } catch (RuntimeException failed) {
                failure = failed;
            }
        }
        end();
    }

    void failed(RuntimeException reason) {
        failure = reason;
        end();
    }

    /** Fails it unless it has ended. */
    void failIfOpen(RuntimeException reason) {
        if (status.get() != Status.DONE) {
            failed(reason);
        }
    }

    private void end() {
        status.set(Status.DONE);
        LockSupport.unpark(caller);
    }

    /** Waits for the end, whatever interrupts: the flag is set again when it returns. */
    R await(long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (status.get() != Status.DONE) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    giveUp(nanos);
                    continue;
                }
                LockSupport.parkNanos(this, left);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return outcome();
    }

    /** What came of it, once it has ended or been {@link #run} on the caller's own thread. */
    @SuppressWarnings("NullAway") // Null only where the work returned it.
    R outcome() {
        if (failure != null) {
            throw failure;
        }
        return value;
    }

    private void giveUp(long nanos) {
        String waited = "The JSON store's disk did not answer within " + nanos / 1_000_000 + " ms";
        if (status.compareAndSet(Status.WAITING, Status.GIVEN_UP)) {
            throw new StoreUnavailableException(Store.JSON, waited + "; nothing was written. Try again later", null);
        }
        if (status.get() != Status.DONE) {
            throw new UnknownOutcomeException(
                    waited + " while it was writing; read the record to find out whether it was written", null);
        }
    }
}
