package dev.switchover.json.recovery;

import dev.switchover.json.checkpoint.Checkpoint;
import dev.switchover.json.checkpoint.CheckpointFiles;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.file.ParsedFile;
import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.journal.JournalContent;
import dev.switchover.json.journal.JournalReader;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Alongside;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a directory: for each collection the checkpoint that fits the user's file, and the journal behind it. Writes nothing,
 * so that a refused start has changed nothing.
 */
public final class Recovery {

    /** Bytes of a file; a smaller one is not worth a thread. */
    private static final int TWO_THREADS_FROM = 1 << 20;

    private final StoreDirectory directory;
    private final CollidingEdits collidingEdits;
    private final Clock clock;

    public Recovery(StoreDirectory directory, CollidingEdits collidingEdits, Clock clock) {
        this.directory = directory;
        this.collidingEdits = collidingEdits;
        this.clock = clock;
    }

    /**
     * @throws CorruptFileException if something in the directory is not as it should be
     * @throws StartRefusedException if it is not clear which of two versions of a record counts
     */
    public Recovered recover(List<CollectionSchema<?, ?>> schemas) throws IOException {
        Map<String, List<Checkpoint>> checkpoints = CheckpointFiles.read(directory);
        JournalReader.Found found = JournalReader.read(directory);
        JournalContent journal = found.content();
        checkTogether(checkpoints, journal);
        List<RecoveredCollection> collections = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            names.add(schema.name());
            collections.add(recover(schema, checkpoints.getOrDefault(schema.name(), List.of()), journal));
        }
        checkOthers(names, checkpoints, journal);
        return new Recovered(
                journal == null ? UUID.randomUUID() : journal.directory(),
                journal,
                found.unfinished(),
                List.copyOf(collections));
    }

    /** Whether a directory that had no hidden folder when it was read is still as it was, but for an empty one. */
    public boolean isStill(Recovered before) throws IOException {
        if (JournalReader.read(directory).content() != null
                || !CheckpointFiles.read(directory).isEmpty()) {
            return false;
        }
        for (RecoveredCollection collection : before.collections()) {
            Path file = directory.user(collection.state().schema().definition().fileName());
            if (!Objects.equals(FileDigest.of(file), collection.saved().digest())) {
                return false;
            }
        }
        return true;
    }

    private void checkTogether(Map<String, List<Checkpoint>> checkpoints, @Nullable JournalContent journal) {
        for (List<Checkpoint> ofOne : checkpoints.values()) {
            for (Checkpoint checkpoint : ofOne) {
                Path file = directory.checkpoint(checkpoint.collection(), checkpoint.number());
                if (journal == null || journal.newest().compareTo(checkpoint.segment()) < 0) {
                    throw new CorruptFileException(
                            file,
                            "the journal that goes on behind this checkpoint is missing (" + checkpoint.segment()
                                    + "); put the folder .switchover back as a whole",
                            null);
                }
                if (!journal.directory().equals(checkpoint.directory())) {
                    throw new CorruptFileException(
                            file,
                            "this checkpoint and the journal come from different directories; put the folder"
                                    + " .switchover back as a whole",
                            null);
                }
            }
        }
    }

    private RecoveredCollection recover(
            CollectionSchema<?, ?> schema, List<Checkpoint> checkpoints, @Nullable JournalContent journal)
            throws IOException {
        Path file = directory.user(schema.definition().fileName());
        byte[] content = FileLook.content(file);
        CollectionRecovery recovery = new CollectionRecovery(schema, file, content, collidingEdits, clock);
        long last = journal == null ? 0 : journal.lastSequence();
        if (checkpoints.isEmpty()) {
            long change = lastChange(schema.name(), journal);
            if (change > 0) {
                throw new CorruptFileException(
                        directory.hidden(),
                        "the journal has changes of " + schema.name()
                                + ", but its checkpoint is missing; put the folder .switchover back as a whole",
                        null);
            }
            return recovery.adopt(last);
        }
        long newest = checkpoints.get(0).number();
        Alongside<ParsedFile> likely = likely(schema, file, content, checkpoints.get(0));
        FileDigest digest = content == null ? null : FileDigest.of(content);
        for (Checkpoint checkpoint : checkpoints) {
            if (Objects.equals(checkpoint.file(), digest)) {
                List<Frame> behind = behind(checkpoint, journal);
                CheckpointedFile found = null;
                if (content != null) {
                    ParsedFile parsed = likely != null && checkpoint == checkpoints.get(0)
                            ? likely.result()
                            : FileContent.parse(schema, file, content, checkpoint.style());
                    found = CheckpointedFile.of(file, parsed, checkpoint);
                }
                return recovery.replay(checkpoint, newest, behind, found);
            }
        }
        if (content == null) {
            throw new CorruptFileException(
                    file,
                    "the file is missing, but it had "
                            + checkpoints.get(0).records().size()
                            + " records; put it back, or move the folder .switchover away to start without them",
                    null);
        }
        Checkpoint oldest = checkpoints.get(checkpoints.size() - 1);
        return recovery.edited(oldest, newest, behind(oldest, journal), last);
    }

    /**
     * A large file taken apart while it is hashed, as what it most likely is: as the newest checkpoint left it. Whether it is, and so
     * whether what is wrong with it is of any interest, its digest tells.
     */
    private static @Nullable Alongside<ParsedFile> likely(
            CollectionSchema<?, ?> schema, Path file, byte @Nullable [] content, Checkpoint newest) {
        FileDigest digest = newest.file();
        if (content == null
                || content.length < TWO_THREADS_FROM
                || digest == null
                || digest.length() != content.length) {
            return null;
        }
        return Alongside.begin("switchover-json-file", () -> FileContent.parse(schema, file, content, newest.style()));
    }

    /** The frames that follow a checkpoint and change its collection. */
    private static List<Frame> behind(Checkpoint checkpoint, @Nullable JournalContent journal) {
        List<Frame> frames = new ArrayList<>();
        if (journal == null) {
            return frames;
        }
        for (JournalContent.Gap gap : journal.gaps()) {
            long last = gap.lastChanges().getOrDefault(checkpoint.collection(), 0L);
            if (last >= gap.from() && last > checkpoint.sequence()) {
                throw new CorruptFileException(
                        gap.file(),
                        "changes of " + checkpoint.collection() + " up to frame " + last
                                + " are missing before this journal segment; put the folder .switchover back as a whole",
                        null);
            }
        }
        for (Frame frame : journal.frames()) {
            if (frame.sequence() > checkpoint.sequence()) {
                List<Change> ours = frame.changes().stream()
                        .filter(change -> change.collection().equals(checkpoint.collection()))
                        .toList();
                if (!ours.isEmpty()) {
                    frames.add(new Frame(frame.sequence(), frame.millis(), ours));
                }
            }
        }
        return frames;
    }

    private static long lastChange(String collection, @Nullable JournalContent journal) {
        if (journal == null) {
            return 0;
        }
        long last = 0;
        for (JournalContent.Segment segment : journal.segments()) {
            last = Math.max(last, segment.lastChanges().getOrDefault(collection, 0L));
        }
        for (Frame frame : journal.frames()) {
            for (Change change : frame.changes()) {
                if (change.collection().equals(collection)) {
                    last = Math.max(last, frame.sequence());
                }
            }
        }
        return last;
    }

    /** Collections that are not opened this time must be whole in their files, for their journal will be deleted. */
    private static void checkOthers(
            Set<String> opened, Map<String, List<Checkpoint>> checkpoints, @Nullable JournalContent journal) {
        Set<String> others = new HashSet<>();
        if (journal != null) {
            journal.segments()
                    .forEach(segment -> others.addAll(segment.lastChanges().keySet()));
            journal.frames().forEach(frame -> frame.changes().forEach(change -> others.add(change.collection())));
        }
        others.removeAll(opened);
        for (String other : others) {
            long covered = checkpoints.getOrDefault(other, List.of()).stream()
                    .mapToLong(Checkpoint::sequence)
                    .min()
                    .orElse(0);
            if (lastChange(other, journal) > covered) {
                throw new StartRefusedException(
                        "COLLECTION-NOT-OPENED",
                        "the journal has changes of " + other + " that are not in its file yet, and " + other
                                + " is not among the collections opened",
                        "Open the directory once more with " + other + " and close it, then leave " + other + " out.");
            }
        }
    }
}
