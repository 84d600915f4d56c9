package dev.switchover.json;

import dev.switchover.json.checkpoint.Checkpointer;
import dev.switchover.json.checkpoint.FileCopies;
import dev.switchover.json.checkpoint.SavedFile;
import dev.switchover.json.checkpoint.UserFiles;
import dev.switchover.json.directory.DirectoryLock;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.Holder;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.journal.Journal;
import dev.switchover.json.journal.JournalContent;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.CollectionSnapshot;
import dev.switchover.json.records.StoreState;
import dev.switchover.json.recovery.Recovered;
import dev.switchover.json.recovery.RecoveredCollection;
import dev.switchover.json.recovery.Recovery;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a path to a directory that is ours: check, lock, recover, begin a journal segment, write down what was found. */
final class Opening {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.json");

    private final JsonSettings settings;
    private final List<CollectionSchema<?, ?>> schemas;
    private final Disk disk;
    private final Clock clock;
    private final StoreDirectory directory;
    private final Recovery recovery;

    /** What the directory was found to be by somebody who looked before, if anybody did. */
    private final @Nullable Recovered before;

    private Opening(
            JsonSettings settings,
            List<CollectionSchema<?, ?>> schemas,
            Disk disk,
            Clock clock,
            @Nullable Recovered before) {
        this.before = before;
        this.settings = settings;
        this.schemas = schemas;
        this.disk = disk;
        this.clock = clock;
        this.directory = new StoreDirectory(settings.directory().toAbsolutePath());
        this.recovery = new Recovery(directory, settings.collidingEdits(), clock);
    }

    static OpenDirectory open(
            JsonSettings settings,
            List<CollectionSchema<?, ?>> schemas,
            Disk disk,
            Clock clock,
            boolean alsoRetired,
            @Nullable Recovered before) {
        checkFileNames(settings, schemas);
        if (!alsoRetired) {
            requireNotRetired(new StoreDirectory(settings.directory().toAbsolutePath()));
        }
        // On a thread of its own, because an interrupt of the caller's would close the files under our hands.
        return Uninterrupted.call(
                "switchover-json-open", () -> new Opening(settings, schemas, disk, clock, before).open());
    }

    /** An empty store where JSON once was would look like a new one. */
    static void requireNotRetired(StoreDirectory directory) {
        if (Files.exists(directory.retired(), LinkOption.NOFOLLOW_LINKS)) {
            throw new StartRefusedException(
                    "JSON-RETIRED",
                    "the JSON files of " + directory.root() + " were retired; " + directory.retired()
                            + " says where their archive is",
                    "Start in DB_ONLY, and export all collections into the directory; then JSON can follow or lead again.");
        }
    }

    private static void checkFileNames(JsonSettings settings, List<CollectionSchema<?, ?>> schemas) {
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
        problems.addAll(FileCopies.check(settings.directory(), schemas));
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private OpenDirectory open() throws IOException {
        requireDirectory();
        NetworkFileSystem.refuse(disk, directory.root(), settings.trustFileSystem());
        // What cannot be served is not touched, not even by a lock beside it.
        Recovered first =
                Files.isDirectory(directory.hidden()) ? null : before == null ? recovery.recover(schemas) : before;
        disk.createDirectory(directory.root());
        disk.createDirectory(directory.hidden());
        DirectoryLock.Answer answer = DirectoryLock.ask(disk, directory, clock.instant());
        if (answer instanceof DirectoryLock.Answer.Taken taken) {
            throw new DirectoryLockedException(settings.directory(), taken.holder(), taken.byThisJvm());
        }
        DirectoryLock lock = ((DirectoryLock.Answer.Granted) answer).lock();
        boolean done = false;
        try {
            Recovered recovered = first != null && recovery.isStill(first) ? first : recovery.recover(schemas);
            if (!lock.isHeld()) {
                // Whoever came after us has not read what we are about to write.
                throw new IOException(DirectoryLock.LOST);
            }
            OpenDirectory open = open(recovered, lock);
            open.start();
            done = true;
            return open;
        } catch (IOException | StorageException failed) {
            // What another holder writes meanwhile may look like damage.
            if (!lock.isOvertaken()) {
                throw failed;
            }
            DirectoryLockedException overtaken = overtaken(lock);
            overtaken.addSuppressed(failed);
            throw overtaken;
        } finally {
            if (!done) {
                lock.close();
            }
        }
    }

    private DirectoryLockedException overtaken(DirectoryLock lock) {
        // Otherwise the file names ourselves.
        Holder other = lock.isClaimed() ? Holder.read(directory.holder()) : null;
        return new DirectoryLockedException(settings.directory(), other, false);
    }

    private void requireDirectory() {
        if (Files.exists(directory.root()) && !Files.isDirectory(directory.root())) {
            throw new StartRefusedException(
                    "NOT-A-DIRECTORY",
                    directory.root() + " is a file",
                    "Name the folder the JSON files are in, or are to be in.");
        }
    }

    private OpenDirectory open(Recovered recovered, DirectoryLock lock) throws IOException {
        deleteLeftovers(recovered);
        Journal journal = beginJournal(recovered);
        try {
            return settle(recovered, lock, journal);
        } catch (IOException | RuntimeException failed) {
            try {
                journal.close();
            } catch (IOException also) {
                failed.addSuppressed(also);
            }
            throw failed;
        }
    }

    private OpenDirectory settle(Recovered recovered, DirectoryLock lock, Journal journal) throws IOException {
        Map<String, SavedFile> saved = new HashMap<>();
        for (RecoveredCollection collection : recovered.collections()) {
            saved.put(collection.state().schema().name(), collection.saved());
        }
        Path nextTerm = directory.segment(journal.term() + 1, 1);
        BooleanSupplier owner = () -> lock.isHeld() && !Files.exists(nextTerm);
        Checkpointer checkpointer = new Checkpointer(disk, directory, recovered.directory(), clock, owner, saved);
        FileCopies copies = new FileCopies(disk, directory, new UserFiles(disk, directory, clock), owner);
        for (RecoveredCollection collection : recovered.collections()) {
            settle(collection, checkpointer, journal.segment(), recovered.lastSequence());
        }
        if (Files.exists(nextTerm)) {
            throw overtaken(lock);
        }
        if (!lock.isHeld()) {
            throw new IOException(DirectoryLock.LOST);
        }
        journal.deleteCovered(checkpointer.covered());
        StoreState state = new StoreState(
                recovered.collections().stream().map(RecoveredCollection::state).toList(), recovered.lastSequence());
        return new OpenDirectory(settings, lock, recovered.directory(), state, journal, checkpointer, copies, clock);
    }

    /** What a process that ended without notice was about to write. */
    private void deleteLeftovers(Recovered recovered) throws IOException {
        for (Path unfinished : recovered.unfinished()) {
            disk.delete(unfinished);
        }
        for (CollectionSchema<?, ?> schema : schemas) {
            Path file = UserFiles.target(directory.user(schema.definition().fileName()));
            disk.delete(StoreDirectory.temporary(file));
        }
    }

    private Journal beginJournal(Recovered recovered) throws IOException {
        JournalContent old = recovered.journal();
        if (old != null && old.cut() > 0) {
            LOG.warn(
                    "The journal in {} ended in a frame that was never acknowledged; its {} bytes are left out",
                    directory.root(),
                    old.cut());
        }
        if (old != null) {
            for (JournalContent.Segment segment : old.segments()) {
                // What was read of it may not be on the disk, and what comes next goes on from there.
                disk.force(segment.file());
            }
        }
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
        return journal;
    }

    /** Writes down what recovery found that is not on the disk yet. */
    private void settle(RecoveredCollection collection, Checkpointer checkpointer, SegmentName segment, long sequence)
            throws IOException {
        CollectionSchema<?, ?> schema = collection.state().schema();
        Path aside = collection.aside();
        @Nullable Path kept = aside == null ? null : new UserFiles(disk, directory, clock).saveAside(aside);
        if (collection.needsCheckpoint()) {
            checkpointer.write(CollectionSnapshot.of(collection.state(), sequence), segment);
        } else {
            takeOver(schema, checkpointer);
        }
        if (kept != null) {
            LOG.warn("{}: {}; it is kept in {}", schema.definition().fileName(), collection.note(), kept);
        } else if (collection.note() != null) {
            LOG.info("{}: {}", schema.definition().fileName(), collection.note());
        }
    }

    private void takeOver(CollectionSchema<?, ?> schema, Checkpointer checkpointer) {
        try {
            checkpointer.cover(schema);
        } catch (IOException failed) {
            LOG.warn(
                    "{}: what was found could not be forced, or an older checkpoint not be deleted: {}. The journal is kept"
                            + " until that has worked",
                    schema.definition().fileName(),
                    failed.getMessage());
        }
    }
}
