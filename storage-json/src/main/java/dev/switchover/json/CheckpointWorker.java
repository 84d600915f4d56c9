package dev.switchover.json;

import dev.switchover.json.checkpoint.CheckpointSchedule;
import dev.switchover.json.checkpoint.Checkpointer;
import dev.switchover.json.checkpoint.FileCopies;
import dev.switchover.json.commit.Committer;
import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.CollectionSnapshot;
import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.StoreState;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.spi.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the users' files fresh, on a thread of its own, from snapshots: the committer goes on meanwhile. */
final class CheckpointWorker {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.json");
    private static final long LONGEST_WAIT = 60_000_000_000L;
    private static final long AFTER_A_MISTAKE = 1_000_000_000L;

    private final StoreState state;
    private final Checkpointer checkpointer;
    private final FileCopies copies;
    private final CheckpointSchedule schedule;
    private final long journalLimit;
    private final AtomicLong journaled = new AtomicLong();
    private final Thread thread = new Thread(this::run, "switchover-json-checkpoint");
    private volatile boolean ended;

    @SuppressWarnings("NullAway.Init") // Set before the thread starts; the two know each other.
    private volatile Committer committer;

    CheckpointWorker(
            StoreState state,
            Checkpointer checkpointer,
            FileCopies copies,
            CheckpointSchedule schedule,
            long journalLimit) {
        this.state = state;
        this.checkpointer = checkpointer;
        this.copies = copies;
        this.schedule = schedule;
        this.journalLimit = journalLimit;
        thread.setDaemon(true);
    }

    void start(Committer running) {
        committer = running;
        checkpointer.serving();
        for (CollectionState collection : state.collections()) {
            String name = collection.schema().name();
            // Also what no file shows: the journal of a process that was killed would never become shorter.
            if (collection.lastChange() > checkpointer.covered().getOrDefault(name, 0L) || hasCopies(collection)) {
                schedule.changed(name, System.nanoTime());
            }
        }
        thread.start();
    }

    /** On the committer's thread. */
    void published(List<Frame> frames, int bytes) {
        boolean wake = journaled.addAndGet(bytes) >= journalLimit;
        for (Frame frame : frames) {
            for (Change change : frame.changes()) {
                boolean inFile = change instanceof Change.Put
                        || change instanceof Change.Delete
                        || change instanceof Change.Entry && !checkpointer.hasFile(change.collection());
                if (inFile) {
                    wake |= schedule.changed(change.collection(), System.nanoTime());
                }
            }
        }
        if (wake) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!ended) {
            long wait = AFTER_A_MISTAKE;
            try {
                wait = writeWhatIsDue();
            } catch (RuntimeException | Error mistake) {
                LOG.error("Files that are due, or the journal, could not be looked after; it is tried again", mistake);
            }
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
            }
        }
    }

    /** @return for how long nothing is due, in nanoseconds; 0 if that is to be looked at again */
    private long writeWhatIsDue() {
        long wait = LONGEST_WAIT;
        boolean full = journaled.get() >= journalLimit;
        boolean any = false;
        for (CollectionState collection : state.collections()) {
            long due = schedule.untilDue(collection.schema().name(), System.nanoTime());
            if (due <= 0 || full && isBehind(collection)) {
                any = true;
                tryToWrite(collection);
            } else {
                wait = Math.min(wait, due);
            }
        }
        if (full) {
            journaled.set(0);
        }
        if (any) {
            tidy();
        }
        return any ? 0 : wait;
    }

    private boolean isBehind(CollectionState collection) {
        long changed = state.read(collection::lastChange);
        return changed > checkpointer.covered().getOrDefault(collection.schema().name(), 0L);
    }

    private void tryToWrite(CollectionState collection) {
        String name = collection.schema().name();
        long start = System.nanoTime();
        schedule.taken(name);
        try {
            CollectionSnapshot snapshot = snapshot(collection);
            forceJournal();
            checkpointer.write(snapshot, committer.segment());
            writeCopies(snapshot);
            schedule.written(name, System.nanoTime() - start, System.nanoTime());
        } catch (IOException failed) {
            schedule.failed(name, System.nanoTime() - start, System.nanoTime());
            LOG.warn(
                    "The file of {} could not be written: {}. Its changes are safe in the journal; it is tried again",
                    name,
                    failed.getMessage());
        } catch (RuntimeException | Error mistake) {
            // It must not end the checkpoints of all; of an error a heap without room for one of them is the likeliest.
            schedule.failed(name, System.nanoTime() - start, System.nanoTime());
            LOG.error(
                    "The file of {} could not be written. Its changes are safe in the journal; it is tried again",
                    name,
                    mistake);
        }
    }

    /**
     * Of a step that changes several collections one must not be found in its file while it is nowhere for the other. Where the
     * journal has no room, or its disk fails, the file is written all the same: that is what helps.
     */
    private void forceJournal() {
        try {
            committer.force();
        } catch (StorageException notNow) {
            LOG.debug("A file is written although its journal cannot be forced: {}", notNow.getMessage());
        }
    }

    private static boolean hasCopies(CollectionState collection) {
        return !collection.schema().definition().jsonLayout().copies().isEmpty();
    }

    /** Never on behalf of a writer: a copy may lie on a disk that hangs. */
    private void writeCopies(CollectionSnapshot snapshot) {
        if (checkpointer.hasFile(snapshot.schema().name())) {
            copies.write(snapshot, checkpointer.text(snapshot));
        }
    }

    private void tidy() {
        try {
            committer.tidy(checkpointer.covered());
        } catch (StorageException notNow) {
            LOG.debug("The journal is tidied up later: {}", notNow.getMessage());
        }
    }

    private CollectionSnapshot snapshot(CollectionState collection) {
        return state.read(() -> CollectionSnapshot.of(collection, state.sequence()));
    }

    /** Writes what has changed since its last checkpoint, now. Any thread; the interrupted state of it must not be set. */
    void writeChanged(SegmentName segment) throws IOException {
        writeChanged(segment, () -> {});
    }

    /** @param before run between taking a snapshot and writing it */
    private void writeChanged(SegmentName segment, Runnable before) throws IOException {
        eachCollection(collection -> {
            if (isBehind(collection)) {
                String name = collection.schema().name();
                schedule.taken(name); // before the snapshot: what changes behind it is scheduled anew
                boolean done = false;
                try {
                    CollectionSnapshot snapshot = snapshot(collection);
                    before.run();
                    checkpointer.write(snapshot, segment);
                    done = !hasCopies(collection);
                } finally {
                    if (!done) {
                        schedule.changed(name, System.nanoTime());
                    }
                }
            }
        });
    }

    @FunctionalInterface
    private interface Step {
        void run(CollectionState collection) throws IOException;
    }

    /** One that fails, however, does not keep the others from it. Throws what the first one threw, with the rest of it. */
    private void eachCollection(Step step) throws IOException {
        Throwable first = null;
        for (CollectionState collection : state.collections()) {
            try {
                step.run(collection);
            } catch (IOException | RuntimeException | Error failed) {
                if (first == null) {
                    first = failed;
                } else if (first != failed) {
                    first.addSuppressed(failed);
                }
            }
        }
        if (first instanceof RuntimeException mistake) {
            throw mistake;
        } else if (first instanceof Error error) {
            throw error;
        } else if (first instanceof IOException failed) {
            throw failed;
        }
    }

    /** The same, for callers: waits for it, and throws what they understand. */
    void writeNow() {
        Uninterrupted.call("switchover-json-checkpoint-now", () -> {
            writeChanged(committer.segment(), this::forceJournal);
            return this;
        });
        committer.tidy(checkpointer.covered());
    }

    /** The last checkpoint, when nobody writes any more: ids that were reserved and not issued are given back. */
    void writeLast(SegmentName segment) throws IOException {
        eachCollection(collection -> {
            CollectionSnapshot snapshot = snapshot(collection);
            if (isBehind(collection) || snapshot.reserved() > snapshot.highestId()) {
                checkpointer.writeLast(snapshot.closing(), segment);
            }
            writeCopies(snapshot);
        });
    }

    /** Waits for the checkpoint under way. */
    void end(long millis) {
        ended = true;
        LockSupport.unpark(thread);
        Threads.join(thread, Duration.ofMillis(millis));
    }
}
