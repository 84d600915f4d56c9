package dev.switchover.json.commit;

import dev.switchover.json.journal.Journal;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.StoreState;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.spi.Threads;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes the store. It takes everything that waits, lets each request decide on top of those before it,
 * writes their frames, forces them once, makes them visible and tells the callers. Callers may be interrupted without harm:
 * no file is touched on their threads. What need not be in a file yet they decide themselves, while it has nothing else to decide:
 * {@link Unwritten}. Thread-safe.
 */
public final class Committer {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.json");
    private static final int REQUESTS = 4_096;
    private static final int BYTES = 8 << 20;

    /** How long what need not be in a file yet waits for more: to be woken up for each would hold up callers. In milliseconds. */
    private static final long LATER = 20;

    private final StoreState state;
    private final Unwritten unwritten;
    private final DurableJournal journal;
    private final Clock clock;
    private final long patience;
    private final BlockingQueue<Request<?>> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final Request<?> last = new Request<>(draft -> Boolean.TRUE, false, null);
    private final Request<?> nudge = new Request<>(draft -> Boolean.TRUE, false, null);
    private volatile boolean closed;

    /** @param patience how long a caller waits at most, in nanoseconds */
    public Committer(StoreState state, Journal journal, Surroundings surroundings, Clock clock, long patience) {
        this.state = state;
        this.unwritten = new Unwritten(state, clock);
        this.journal = new DurableJournal(state, journal, surroundings, unwritten);
        this.clock = clock;
        this.patience = patience;
        this.thread = new Thread(this::run, "switchover-json-committer");
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** The journal's newest segment. */
    public SegmentName segment() {
        return journal.segment();
    }

    /** Commits what {@code work} adds to the draft, durably, and returns what it returned. */
    public <R> R commit(Function<Draft, R> work) {
        return submit(new Request<>(work, true, null), patience);
    }

    /** The same, for work that may take longer. */
    public <R> R commit(Function<Draft, R> work, long nanos) {
        return submit(new Request<>(work, true, null), nanos);
    }

    /** The same, but not forced: it is on the disk after the next force. */
    public <R> R append(Function<Draft, R> work) {
        return submit(new Request<>(work, false, null), patience);
    }

    /**
     * The same for what somebody else keeps until the next force, on the caller's thread where it can be decided there: it is in memory when
     * this returns, and in the journal 20 milliseconds later, or with what is written before. What has no room stays, and is written with the next
     * request.
     */
    public <R> R appendLater(Function<Draft, R> work, long nanos) {
        if (closed) {
            throw new StorageClosedException();
        }
        Request<R> request = new Request<>(work, false, null);
        boolean done;
        try {
            done = unwritten.run(request, () -> queue.add(nudge));
        } catch (RuntimeException | Error mistake) {
            throw stopped(mistake);
        }
        return done ? request.outcome() : submit(request, nanos);
    }

    /**
     * Everything submitted before has ended when this returns, and is on the disk.
     *
     * @throws StoreUnavailableException if that is not so within the time
     */
    public void force(long nanos) {
        try {
            submit(new Request<>(draft -> Boolean.TRUE, true, null), nanos);
        } catch (UnknownOutcomeException late) {
            throw new StoreUnavailableException(
                    Store.JSON,
                    "The JSON store's disk did not force within " + nanos / 1_000_000 + " ms what was written before",
                    late);
        }
    }

    /** The same, with the patience of every call. */
    public void force() {
        force(patience);
    }

    private <R> R submit(Request<R> request, long nanos) {
        if (closed) {
            throw new StorageClosedException();
        }
        queue.add(request);
        if (closed && queue.remove(request)) {
            throw new StorageClosedException();
        }
        return request.await(nanos);
    }

    /** Ends when everything submitted has been committed. @return whether it did within the time */
    public boolean close(long millis) {
        closed = true;
        queue.add(last);
        return Threads.join(thread, Duration.ofMillis(millis));
    }

    /** Whether the end of the journal is known. After {@link #close}. */
    public boolean isHealthy() {
        return journal.isHealthy();
    }

    private void run() {
        List<Request<?>> batch = new ArrayList<>();
        boolean ending = false;
        while (!ending) {
            batch.clear();
            boolean nudged = await(batch);
            ending = batch.remove(last);
            if (nudged && batch.isEmpty()) {
                commitOrStop(batch, 0);
            }
            for (int from = 0; from < batch.size(); ) {
                from = commitOrStop(batch, from);
            }
        }
        for (Request<?> late = queue.poll(); late != null; late = queue.poll()) {
            late.failed(new StorageClosedException());
        }
    }

    /** Waits for requests. @return whether there is something to be written without any */
    private boolean await(List<Request<?>> batch) {
        try {
            Request<?> first = queue.take();
            batch.add(first);
            Request<?> next = first == nudge ? queue.poll(LATER, TimeUnit.MILLISECONDS) : null;
            if (next != null) {
                batch.add(next);
            }
        } catch (InterruptedException nobodyShould) {
            // Whatever came is looked at.
        }
        queue.drainTo(batch, REQUESTS);
        return batch.removeIf(request -> request == nudge);
    }

    /** A mistake of ours must not leave callers waiting, nor go on with a state nobody understands. */
    private int commitOrStop(List<Request<?>> batch, int from) {
        try {
            return commit(batch, from);
        } catch (RuntimeException | Error mistake) {
            RuntimeException unknown = stopped(mistake);
            batch.subList(from, batch.size()).forEach(request -> request.failIfOpen(unknown));
            return batch.size();
        }
    }

    private RuntimeException stopped(Throwable mistake) {
        LOG.error("The JSON store stops writing after an unexpected failure; restart this instance", mistake);
        journal.giveUp("stopped after an unexpected failure");
        return new UnknownOutcomeException(
                "The JSON store failed unexpectedly while this was being written; restart this instance and read the"
                        + " record to find out",
                mistake);
    }

    /** Commits some of the batch. @return index of the first request that was left */
    private int commit(List<Request<?>> batch, int from) {
        List<Request<?>> taken = new ArrayList<>();
        Draft below = new Draft(state, null, 0);
        boolean force = false;
        long now = clock.millis();
        RuntimeException failure = journal.begin(!batch.isEmpty());
        int next = from;
        for (; next < batch.size() && (next == from || journal.stagedLength() < BYTES); next++) {
            Request<?> request = batch.get(next);
            if (!request.take()) {
                continue;
            }
            taken.add(request);
            if (failure != null) {
                continue;
            }
            Draft draft = new Draft(state, below, journal.nextSequence());
            if (request.run(draft)) {
                force |= request.needsForce();
                if (!draft.changes().isEmpty()) {
                    journal.stage(now, draft.changes());
                    below.absorb(draft);
                }
            }
        }
        if (failure == null) {
            failure = journal.write(force);
        }
        for (Request<?> request : taken) {
            // Refusals too: what one was decided by may not have come to be.
            if (failure == null) {
                request.committed();
            } else {
                request.failed(failure);
            }
        }
        return next;
    }

    /**
     * Deletes the journal's segments that are covered, and begins a new one if the present one is long.
     *
     * @param covered for each collection, up to which frame a checkpoint is on the disk
     */
    public void tidy(Map<String, Long> covered) {
        // Noted before what waits is written: deleting may make the room that is missing for that.
        Function<Draft, Boolean> note = draft -> {
            journal.noteCovered(covered);
            return true;
        };
        submit(new Request<>(note, true, journal::tidy), patience);
    }
}
