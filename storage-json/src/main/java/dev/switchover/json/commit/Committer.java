package dev.switchover.json.commit;

import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.journal.Journal;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.StoreState;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes the store. It takes everything that waits, lets each request decide on top of those before it,
 * writes their frames, forces them once, makes them visible and tells the callers. Callers may be interrupted without harm:
 * no file is touched on their threads. Thread-safe.
 *
 * <p>After a failed append or force nothing is known about the end of the journal. Then everything in memory, which is
 * everything acknowledged, is written as checkpoints and a new segment is begun, which cuts the old one off; only after that
 * is the next request taken.
 */
public final class Committer {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final String TAKEN_OVER = "was taken over by another process, or its lock is gone";
    private static final int REQUESTS = 4_096;
    private static final int BYTES = 8 << 20;

    /** What the committer needs of the rest of the store. */
    public interface Surroundings {

        /** Whether the directory is still ours. */
        boolean isOwner();

        /** Writes every collection down as it is in memory. */
        void checkpointEverything(SegmentName segment) throws IOException;

        /** Frames have been made visible. */
        void published(List<Frame> frames, int bytes);
    }

    private final StoreState state;
    private final Journal journal;
    private final Surroundings surroundings;
    private final Clock clock;
    private final long patience;
    private final BlockingQueue<Request<?>> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final Request<?> last = new Request<>(draft -> Boolean.TRUE, false, null);
    private volatile boolean closed;
    private volatile @Nullable String lost;
    private volatile SegmentName segment;
    private volatile @Nullable Throwable poison;

    /** @param patience how long a caller waits at most, in nanoseconds */
    public Committer(StoreState state, Journal journal, Surroundings surroundings, Clock clock, long patience) {
        this.state = state;
        this.journal = journal;
        this.surroundings = surroundings;
        this.clock = clock;
        this.patience = patience;
        this.segment = journal.segment();
        this.thread = new Thread(this::run, "switchover-json-committer");
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** The journal's newest segment. */
    public SegmentName segment() {
        return segment;
    }

    /** Commits what {@code work} adds to the draft, durably, and returns what it returned. */
    public <R> R commit(Function<Draft, R> work) {
        return submit(new Request<>(work, true, null), patience);
    }

    /** The same, but not forced: it is on the disk after the next force. */
    public <R> R append(Function<Draft, R> work) {
        return submit(new Request<>(work, false, null), patience);
    }

    /** Everything submitted before has ended when this returns, and is on the disk. */
    public void force(long nanos) {
        submit(new Request<>(draft -> Boolean.TRUE, true, null), nanos);
    }

    /** Runs between two batches, when everything appended is on the disk. */
    public void between(Runnable maintenance) {
        submit(new Request<>(draft -> Boolean.TRUE, true, maintenance), patience);
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
        boolean interrupted = false;
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (thread.isAlive() && System.nanoTime() < deadline) {
            try {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** Whether the end of the journal is known. After {@link #close}. */
    public boolean isHealthy() {
        return poison == null && lost == null;
    }

    private void run() {
        List<Request<?>> batch = new ArrayList<>();
        boolean ending = false;
        while (!ending) {
            batch.clear();
            try {
                batch.add(queue.take());
            } catch (InterruptedException nobodyShould) {
                continue;
            }
            queue.drainTo(batch, REQUESTS);
            ending = batch.remove(last);
            for (int from = 0; from < batch.size(); ) {
                from = commitOrStop(batch, from);
            }
        }
        for (Request<?> late = queue.poll(); late != null; late = queue.poll()) {
            late.failed(new StorageClosedException());
        }
    }

    /** A mistake of ours must not leave callers waiting, nor go on with a state nobody understands. */
    private int commitOrStop(List<Request<?>> batch, int from) {
        try {
            return commit(batch, from);
        } catch (RuntimeException | Error mistake) {
            LOG.error("The JSON store stops writing after an unexpected failure; restart this instance", mistake);
            lost = "stopped after an unexpected failure";
            RuntimeException unknown = new UnknownOutcomeException(
                    "The JSON store failed unexpectedly while this was being written; restart this instance and read the"
                            + " record to find out",
                    mistake);
            batch.subList(from, batch.size()).forEach(request -> request.failIfOpen(unknown));
            return batch.size();
        }
    }

    /** Commits some of the batch. @return index of the first request that was left */
    private int commit(List<Request<?>> batch, int from) {
        List<Request<?>> taken = new ArrayList<>();
        List<Frame> frames = new ArrayList<>();
        Draft below = new Draft(state, null, 0);
        boolean force = false;
        long now = clock.millis();
        boolean fit = poison == null || heal();
        int next = from;
        for (; next < batch.size() && journal.stagedLength() < BYTES; next++) {
            Request<?> request = batch.get(next);
            if (!request.take()) {
                continue;
            }
            taken.add(request);
            if (!fit) {
                continue;
            }
            Draft draft = new Draft(state, below, journal.stagedSequence() + 1);
            if (request.run(draft)) {
                force |= request.needsForce();
                List<Change> changes = draft.changes();
                if (!changes.isEmpty()) {
                    frames.add(new Frame(journal.stage(now, changes), now, changes));
                    below.absorb(draft);
                }
            }
        }
        RuntimeException failure =
                fit ? write(frames, force) : unavailable("cannot be written since its disk failed", poison);
        for (Request<?> request : taken) {
            if (failure == null) {
                request.committed();
            } else {
                request.failed(failure);
            }
        }
        return next;
    }

    /** @return null if it was done */
    private @Nullable RuntimeException write(List<Frame> frames, boolean force) {
        boolean nothing = frames.isEmpty() && (!force || journal.isForced());
        if (lost == null && !nothing && !isOwner()) {
            lost = TAKEN_OVER;
        }
        if (lost != null) {
            journal.unstage();
            return unavailable(lost + "; restart this instance", null);
        }
        if (nothing) {
            return null;
        }
        int bytes = journal.stagedLength();
        try {
            journal.makeRoom();
        } catch (IOException noRoom) {
            journal.unstage();
            return unavailable("has no room: " + noRoom.getMessage(), noRoom);
        }
        long before = journal.length();
        boolean appended = false;
        try {
            if (!frames.isEmpty()) {
                journal.append();
            }
            appended = true;
            if (force) {
                journal.force();
            }
        } catch (IOException failed) {
            return afterFailure(failed, appended, before);
        }
        if (!isOwner()) {
            lost = TAKEN_OVER;
            return new UnknownOutcomeException(
                    "While this was being written, the JSON store " + lost + "; read the record to find out", null);
        }
        state.publish(frames);
        surroundings.published(frames, bytes);
        return null;
    }

    private boolean isOwner() {
        return surroundings.isOwner() && journal.isNewest();
    }

    private RuntimeException afterFailure(IOException failed, boolean appended, long before) {
        poison = failed;
        LOG.error(
                "The JSON store's journal could not be {}: {}. Nothing is acknowledged before a fresh checkpoint is on"
                        + " the disk",
                appended ? "forced" : "written",
                failed.getMessage());
        if (heal()) {
            return unavailable("could not be written: " + failed.getMessage(), failed);
        }
        if (!appended) {
            try {
                journal.cutBack(before);
                return unavailable("could not be written: " + failed.getMessage(), failed);
            } catch (IOException also) {
                failed.addSuppressed(also);
            }
        }
        return new UnknownOutcomeException(
                "The JSON store's disk failed while this was being written (" + failed.getMessage()
                        + "); it may be there after a restart or not",
                failed);
    }

    /** Leaves the segment whose end is unknown. @return whether that worked */
    private boolean heal() {
        journal.unstage();
        if (!isOwner()) {
            return false;
        }
        try {
            surroundings.checkpointEverything(segment);
            journal.restart(state.sequence());
            segment = journal.segment();
            poison = null;
            LOG.warn("The JSON store writes again: a fresh checkpoint and a new journal segment are on the disk");
            return true;
        } catch (IOException stillBroken) {
            LOG.warn("The JSON store still cannot write: {}", stillBroken.getMessage());
            return false;
        }
    }

    /** Begins a new segment if the present one is long, and deletes those that are covered. Inside {@link #between}. */
    public void tidy(Map<String, Long> covered) {
        try {
            journal.rotateIfLong();
            segment = journal.segment();
            journal.deleteCovered(covered);
        } catch (IOException later) {
            LOG.warn("The JSON store's journal could not be tidied up: {}", later.getMessage());
        }
    }

    private static StoreUnavailableException unavailable(String what, @Nullable Throwable cause) {
        return new StoreUnavailableException(
                Store.JSON, "The JSON store " + what + ". Nothing was written; reads go on", cause);
    }
}
