package dev.switchover.json.checkpoint;

import dev.switchover.json.directory.DirectoryLock;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.file.FileText;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.CollectionSnapshot;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes checkpoints, one at a time. Thread-safe. */
public final class Checkpointer {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.json");

    private final Disk disk;
    private final StoreDirectory directory;
    private final UUID id;
    private final BooleanSupplier owner;
    private final UserFiles userFiles;
    private final Map<String, SavedFile> saved;
    private final Map<String, Long> covered = new ConcurrentHashMap<>();
    /** For each collection, from which checkpoint on they are there: older ones are durably gone. */
    private final Map<String, Long> oldest = new HashMap<>();
    /** Collections of which what was found could not be forced: a second force would succeed although the data is gone. */
    private final Set<String> doubtful = new HashSet<>();

    private final Map<String, Set<FileDigest>> attempted = new HashMap<>();
    private volatile boolean readBack;
    private volatile boolean serving;

    /**
     * @param owner whether the directory is still ours
     * @param saved what recovery found
     */
    public Checkpointer(
            Disk disk,
            StoreDirectory directory,
            UUID id,
            Clock clock,
            BooleanSupplier owner,
            Map<String, SavedFile> saved) {
        this.disk = disk;
        this.owner = owner;
        this.directory = directory;
        this.id = id;
        this.userFiles = new UserFiles(disk, directory, clock);
        this.saved = new ConcurrentHashMap<>(saved);
    }

    /** For each collection, up to which frame a checkpoint is on the disk. */
    public Map<String, Long> covered() {
        return Map.copyOf(covered);
    }

    /** From now on each file is read back before it takes its name, and one that differs from what was written is thrown away. */
    public void readBack(boolean wanted) {
        readBack = wanted;
    }

    /** From now on there are callers, to whom a second thread is left. */
    public void serving() {
        serving = true;
    }

    /** Whether there is a user's file. */
    public boolean hasFile(String collection) {
        SavedFile file = saved.get(collection);
        return file != null && file.digest() != null;
    }

    /**
     * Writes the collection down, unless that has been done.
     *
     * @param segment the journal's newest
     * @throws IOException when it failed; the last checkpoint still holds
     */
    public synchronized void write(CollectionSnapshot snapshot, SegmentName segment) throws IOException {
        write(snapshot, segment, false);
    }

    /** The same, also if a checkpoint goes as far already. */
    public synchronized void writeLast(CollectionSnapshot snapshot, SegmentName segment) throws IOException {
        write(snapshot, segment, true);
    }

    private void write(CollectionSnapshot snapshot, SegmentName segment, boolean again) throws IOException {
        String collection = snapshot.schema().name();
        SavedFile before = saved.get(collection);
        if (before == null) {
            throw new IllegalArgumentException(collection);
        }
        boolean needsFile = snapshot.deservesFile() && before.digest() == null;
        boolean doubt = doubtful.contains(collection);
        if (before.sequence() >= snapshot.sequence() && !needsFile && !again && !doubt) {
            cover(snapshot.schema());
            return;
        }
        Path file =
                UserFiles.target(directory.user(snapshot.schema().definition().fileName()));
        Path temporary = StoreDirectory.temporary(file);
        FileDigest digest = before.digest();
        boolean rewrite = needsFile || doubt && digest != null || snapshot.contentSequence() > before.contentSequence();
        if (rewrite) {
            requireOwner();
            disk.delete(temporary);
            digest = userFiles.write(temporary, text(snapshot, before));
            requireReadBack(temporary, digest);
        } else if (!doubt && !oldest.containsKey(collection)) {
            forceFound(snapshot.schema(), before);
        }
        long number = before.number() + 1;
        SavedFile after = new SavedFile(
                number, number, snapshot.sequence(), snapshot.contentSequence(), digest, before.style(), before.keys());
        // From here on the number is used up, also when a later step fails.
        saved.put(
                collection,
                new SavedFile(
                        number,
                        before.valid(),
                        before.sequence(),
                        before.contentSequence(),
                        before.digest(),
                        before.style(),
                        before.keys()));
        requireOwner();
        writeCheckpoint(checkpoint(snapshot, number, segment, after));
        if (rewrite && digest != null) {
            requireOwner();
            noticeEdit(collection, file, before.digest());
            disk.copyMode(file, temporary);
            attempted.computeIfAbsent(collection, name -> new HashSet<>()).add(digest);
            disk.rename(temporary, file);
            disk.forceDirectory(UserFiles.parent(file));
            attempted.remove(collection);
        }
        saved.put(collection, after);
        cover(snapshot.schema());
    }

    /**
     * Deletes what is older than the checkpoint that says how the collection's file is, and only then counts that one: a start
     * that finds an older one may need the journal from there on. What recovery found is forced first.
     *
     * @throws IOException when one of that failed; the journal is kept until it has worked
     */
    public synchronized void cover(CollectionSchema<?, ?> schema) throws IOException {
        String collection = schema.name();
        SavedFile file = saved.get(collection);
        if (file == null) {
            throw new IllegalArgumentException(collection);
        }
        if (oldest.getOrDefault(collection, -1L) < file.valid()) {
            requireOwner();
            if (!oldest.containsKey(collection)) {
                forceFound(schema, file);
            }
            deleteOlder(collection, file.valid());
            oldest.put(collection, file.valid());
        }
        covered.put(collection, file.sequence());
    }

    /** Whoever wrote what was found, or put it there a moment ago, may not have forced it, nor its name. */
    private void forceFound(CollectionSchema<?, ?> schema, SavedFile found) throws IOException {
        doubtful.add(schema.name());
        for (long number : new long[] {found.valid(), found.number()}) {
            Path checkpoint = directory.checkpoint(schema.name(), number);
            if (Files.exists(checkpoint)) {
                disk.force(checkpoint);
            }
        }
        if (found.digest() != null) {
            Path file = UserFiles.target(directory.user(schema.definition().fileName()));
            disk.force(file);
            disk.forceDirectory(UserFiles.parent(file));
        }
        doubtful.remove(schema.name());
    }

    /** What the collection's file has, or would have. */
    public FileText text(CollectionSnapshot snapshot) {
        SavedFile file = saved.get(snapshot.schema().name());
        if (file == null) {
            throw new IllegalArgumentException(snapshot.schema().name());
        }
        return text(snapshot, file);
    }

    private void requireReadBack(Path temporary, FileDigest written) throws IOException {
        if (readBack && !written.equals(FileDigest.of(temporary))) {
            disk.delete(temporary);
            throw new IOException(temporary + " was not read back as it was written; the file before it stays");
        }
    }

    private void requireOwner() throws IOException {
        if (!owner.getAsBoolean()) {
            throw new IOException(DirectoryLock.LOST);
        }
    }

    private static FileText text(CollectionSnapshot snapshot, SavedFile file) {
        RawRecord envelope = snapshot.envelope();
        return new FileText(
                snapshot.schema().definition().jsonLayout(),
                file.style(),
                envelope == null ? null : envelope.body(),
                file.keys(),
                snapshot.records());
    }

    private Checkpoint checkpoint(CollectionSnapshot from, long number, SegmentName segment, SavedFile file) {
        RawRecord envelope = from.envelope();
        return new Checkpoint(
                id,
                from.schema().name(),
                number,
                from.sequence(),
                segment,
                file.digest(),
                from.entry(),
                from.phase(),
                from.version(),
                from.highestId(),
                from.reserved(),
                from.lastWrite(),
                from.pending(),
                from.tokens(),
                from.history(),
                file.style(),
                envelope == null ? null : Checkpoint.Known.of(envelope),
                new KnownRecords(from.records()));
    }

    private void writeCheckpoint(Checkpoint checkpoint) throws IOException {
        Path file = directory.checkpoint(checkpoint.collection(), checkpoint.number());
        Path temporary = StoreDirectory.temporary(file);
        disk.delete(temporary);
        try (DiskFile opened = disk.create(temporary)) {
            opened.write(CheckpointCodec.write(checkpoint, !serving), 0);
            opened.force();
        }
        disk.rename(temporary, file);
        disk.forceDirectory(directory.hidden());
    }

    /** An edit made while we run is not taken in, and not lost either. */
    private void noticeEdit(String collection, Path file, @Nullable FileDigest ours) throws IOException {
        FileDigest found = FileDigest.of(file);
        if (found == null && ours != null) {
            LOG.warn("The file {} of {} was deleted while the service runs; it is written again", file, collection);
        } else if (found != null
                && !found.equals(ours)
                && !attempted.getOrDefault(collection, Set.of()).contains(found)) {
            Path copy = userFiles.saveAside(file);
            LOG.warn(
                    "The file {} of {} was edited while the service runs. The edit was not taken in; it is kept in {}."
                            + " To edit the file by hand, stop the service first",
                    file,
                    collection,
                    copy);
        }
    }

    private void deleteOlder(String collection, long number) throws IOException {
        try (var files = Files.newDirectoryStream(directory.hidden(), "checkpoint-" + collection + "-*")) {
            for (Path file : files) {
                StoreDirectory.CheckpointName name = StoreDirectory.checkpointName(file);
                if (name != null && name.collection().equals(collection) && name.number() < number) {
                    disk.delete(file);
                }
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
        disk.forceDirectory(directory.hidden());
    }
}
