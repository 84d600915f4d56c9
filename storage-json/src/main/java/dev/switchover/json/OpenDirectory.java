package dev.switchover.json;

import dev.switchover.json.checkpoint.CheckpointSchedule;
import dev.switchover.json.checkpoint.Checkpointer;
import dev.switchover.json.checkpoint.FileCopies;
import dev.switchover.json.commit.Committer;
import dev.switchover.json.commit.Surroundings;
import dev.switchover.json.directory.DirectoryLock;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.journal.Journal;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.StoreState;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory that is ours: its lock, its journal and the threads that write. */
final class OpenDirectory {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.json");

    private final DirectoryLock lock;
    private final UUID id;
    private final StoreState state;
    private final Journal journal;
    private final Checkpointer checkpointer;
    private final FileCopies copies;
    private final CheckpointWorker worker;
    private final Committer committer;
    private final long patience;
    private boolean closing;
    private volatile boolean closed;

    OpenDirectory(
            JsonSettings settings,
            DirectoryLock lock,
            UUID id,
            StoreState state,
            Journal journal,
            Checkpointer checkpointer,
            FileCopies copies,
            Clock clock) {
        this.lock = lock;
        this.id = id;
        this.state = state;
        this.journal = journal;
        this.checkpointer = checkpointer;
        this.copies = copies;
        this.patience = settings.deadline().toNanos();
        CheckpointSchedule schedule = new CheckpointSchedule(
                settings.checkpointDelay().toNanos(),
                settings.maximumStaleness().toNanos());
        this.worker = new CheckpointWorker(state, checkpointer, copies, schedule, settings.journalLimit());
        this.committer = new Committer(state, journal, new Around(), clock, patience);
    }

    void start() {
        committer.start();
        worker.start(committer);
    }

    UUID id() {
        return id;
    }

    StoreState state() {
        return state;
    }

    Committer committer() {
        return committer;
    }

    Checkpointer checkpointer() {
        return checkpointer;
    }

    FileCopies copies() {
        return copies;
    }

    CheckpointWorker worker() {
        return worker;
    }

    long patience() {
        return patience;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        closed = true;
        long millis = patience / 1_000_000;
        boolean ended = committer.close(millis);
        worker.end(millis);
        Uninterrupted.call("switchover-json-close", () -> {
            try {
                if (ended && committer.isHealthy()) {
                    try (Closeable closing = journal::close) {
                        writeLast();
                    }
                }
            } catch (IOException failed) {
                LOG.warn(
                        "The JSON files could not be written at the end: {}. Their changes are safe in the journal",
                        failed.getMessage());
            } finally {
                lock.close();
            }
            return this;
        });
    }

    private void writeLast() throws IOException {
        if (!isOurs()) {
            LOG.warn(
                    "The JSON files are not written at the end: {}. Their changes are safe in the journal",
                    DirectoryLock.LOST);
            return;
        }
        worker.writeLast(journal.segment());
        if (isOurs()) {
            journal.deleteCovered(checkpointer.covered());
        }
    }

    /** Whether nobody else has taken the directory over. Any thread. */
    boolean isHeld() {
        return lock.isHeld();
    }

    private boolean isOurs() {
        return lock.isHeld() && journal.isNewest();
    }

    private final class Around implements Surroundings {

        @Override
        public boolean isOwner() {
            return lock.isHeld();
        }

        @Override
        public Map<String, Long> checkpointEverything(SegmentName segment) throws IOException {
            worker.writeChanged(segment);
            return checkpointer.covered();
        }

        @Override
        public void published(List<Frame> frames, int bytes) {
            worker.published(frames, bytes);
        }
    }
}
