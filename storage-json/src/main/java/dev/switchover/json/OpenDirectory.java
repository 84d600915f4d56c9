package dev.switchover.json;

import dev.switchover.json.checkpoint.CheckpointSchedule;
import dev.switchover.json.checkpoint.Checkpointer;
import dev.switchover.json.checkpoint.SavedFile;
import dev.switchover.json.checkpoint.UserFiles;
import dev.switchover.json.commit.Committer;
import dev.switchover.json.directory.DirectoryLock;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.journal.Journal;
import dev.switchover.json.journal.JournalContent;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.CollectionSnapshot;
import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.StoreState;
import dev.switchover.json.recovery.Recovered;
import dev.switchover.json.recovery.RecoveredCollection;
import dev.switchover.json.recovery.Recovery;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory that is ours: its lock, its journal and the threads that write. */
final class OpenDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(OpenDirectory.class);

    private final DirectoryLock lock;
    private final UUID id;
    private final StoreState state;
    private final Journal journal;
    private final Checkpointer checkpointer;
    private final CheckpointWorker worker;
    private final Committer committer;
    private final long patience;
    private boolean closing;
    private volatile boolean closed;

    private OpenDirectory(
            JsonSettings settings,
            DirectoryLock lock,
            Recovered recovered,
            StoreState state,
            Journal journal,
            Checkpointer checkpointer,
            Clock clock) {
        this.lock = lock;
        this.id = recovered.directory();
        this.state = state;
        this.journal = journal;
        this.checkpointer = checkpointer;
        this.patience = settings.deadline().toNanos();
        CheckpointSchedule schedule = new CheckpointSchedule(
                settings.checkpointDelay().toNanos(),
                settings.maximumStaleness().toNanos());
        this.worker = new CheckpointWorker(state, checkpointer, schedule, settings.journalLimit());
        this.committer = new Committer(state, journal, new Around(), clock, patience);
    }

    static OpenDirectory open(JsonSettings settings, List<CollectionSchema<?, ?>> schemas, Disk disk, Clock clock) {
        // On a thread of its own, because an interrupt of the caller's would close the files under our hands.
        return Uninterrupted.call("switchover-json-open", () -> openHere(settings, schemas, disk, clock));
    }

    private static OpenDirectory openHere(
            JsonSettings settings, List<CollectionSchema<?, ?>> schemas, Disk disk, Clock clock) throws IOException {
        checkFileNames(schemas);
        StoreDirectory directory = new StoreDirectory(settings.directory().toAbsolutePath());
        Recovery recovery = new Recovery(directory, settings.collidingEdits(), clock);
        if (!Files.isDirectory(directory.hidden())) {
            // What cannot be served is not touched, not even by a lock beside it.
            recovery.recover(schemas);
        }
        disk.createDirectory(directory.root());
        disk.createDirectory(directory.hidden());
        DirectoryLock.Answer answer = DirectoryLock.ask(directory, clock.instant());
        if (answer instanceof DirectoryLock.Answer.Taken taken) {
            throw new DirectoryLockedException(settings.directory(), taken.holder(), taken.byThisJvm());
        }
        DirectoryLock lock = ((DirectoryLock.Answer.Granted) answer).lock();
        boolean done = false;
        try {
            NetworkFileSystem.warnIf(directory.root());
            OpenDirectory open = recover(settings, schemas, directory, recovery, lock, disk, clock);
            open.committer.start();
            open.worker.start(open.committer);
            done = true;
            return open;
        } finally {
            if (!done) {
                lock.close();
            }
        }
    }

    private static void checkFileNames(List<CollectionSchema<?, ?>> schemas) {
        Map<String, String> byFile = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            String file = schema.definition().fileName();
            String other = byFile.putIfAbsent(file, schema.name());
            if (other != null) {
                problems.add("collections " + other + " and " + schema.name() + " are both in the file " + file
                        + "; give one of them another name or file");
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static OpenDirectory recover(
            JsonSettings settings,
            List<CollectionSchema<?, ?>> schemas,
            StoreDirectory directory,
            Recovery recovery,
            DirectoryLock lock,
            Disk disk,
            Clock clock)
            throws IOException {
        Recovered recovered = recovery.recover(schemas);
        JournalContent old = recovered.journal();
        if (old != null && old.cut() > 0) {
            LOG.warn(
                    "The journal in {} ended in a frame that was never acknowledged; its {} bytes are left out",
                    directory.root(),
                    old.cut());
        }
        for (Path unfinished : recovered.unfinished()) {
            disk.delete(unfinished);
        }
        List<CollectionState> collections =
                recovered.collections().stream().map(RecoveredCollection::state).toList();
        StoreState state = new StoreState(collections, recovered.lastSequence());
        Journal journal = new Journal(
                disk,
                directory,
                recovered.directory(),
                recovered.term() + 1,
                recovered.lastSequence(),
                recovered.lastChanges());
        if (old != null) {
            journal.inherit(old.segments());
        }
        Map<String, SavedFile> saved = new HashMap<>();
        for (RecoveredCollection collection : recovered.collections()) {
            saved.put(collection.state().schema().name(), collection.saved());
        }
        long term = journal.term();
        Checkpointer checkpointer = new Checkpointer(
                disk,
                directory,
                recovered.directory(),
                clock,
                () -> lock.isHeld() && !Files.exists(directory.segment(term + 1, 1)),
                saved);
        UserFiles userFiles = new UserFiles(disk, directory, clock);
        for (RecoveredCollection collection : recovered.collections()) {
            settle(collection, userFiles, checkpointer, journal.segment(), recovered.lastSequence());
        }
        journal.deleteCovered(checkpointer.covered());
        return new OpenDirectory(settings, lock, recovered, state, journal, checkpointer, clock);
    }

    /** Writes down what recovery found that is not on the disk yet. */
    private static void settle(
            RecoveredCollection collection,
            UserFiles userFiles,
            Checkpointer checkpointer,
            SegmentName segment,
            long sequence)
            throws IOException {
        CollectionSchema<?, ?> schema = collection.state().schema();
        Path aside = collection.aside();
        Path kept = aside == null ? null : userFiles.saveAside(aside);
        if (collection.needsCheckpoint()) {
            checkpointer.write(CollectionSnapshot.of(collection.state(), sequence), segment);
        }
        if (kept != null) {
            LOG.warn("{}: {}; it is kept in {}", schema.definition().fileName(), collection.note(), kept);
        } else if (collection.note() != null) {
            LOG.info("{}: {}", schema.definition().fileName(), collection.note());
        }
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
                    worker.writeLast(journal.segment());
                    journal.deleteCovered(checkpointer.covered());
                    journal.close();
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

    private final class Around implements Committer.Surroundings {

        @Override
        public boolean isOwner() {
            return lock.isHeld();
        }

        @Override
        public void checkpointEverything(SegmentName segment) throws IOException {
            worker.writeChanged(segment);
        }

        @Override
        public void published(List<Frame> frames, int bytes) {
            worker.published(frames, bytes);
        }
    }
}
