package dev.switchover.json.recovery;

import dev.switchover.json.checkpoint.Checkpoint;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.json.checkpoint.SavedFile;
import dev.switchover.json.file.FileStyle;
import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.Pending;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Alongside;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One collection, from its file, a checkpoint and the frames behind it. */
final class CollectionRecovery {

    private final CollectionSchema<?, ?> schema;
    private final Path file;
    private final byte @Nullable [] content;
    private final CollidingEdits collidingEdits;
    private final Clock clock;
    private final CollectionState state;

    CollectionRecovery(
            CollectionSchema<?, ?> schema,
            Path file,
            byte @Nullable [] content,
            CollidingEdits collidingEdits,
            Clock clock) {
        this.schema = schema;
        this.file = file;
        this.content = content;
        this.collidingEdits = collidingEdits;
        this.clock = clock;
        this.state = new CollectionState(schema);
    }

    /** First contact: the file as it is, versions in its order. */
    RecoveredCollection adopt(long last) {
        FileStyle style = FileStyle.of(schema.definition().jsonLayout());
        byte[] text = content;
        if (text == null) {
            return new RecoveredCollection(state, new SavedFile(0, 0, -1, 0, null, style, Map.of()), null, null);
        }
        Alongside<FileDigest> digest = Alongside.begin("switchover-json-digest", () -> FileDigest.of(text));
        FileContent found = FileContent.check(schema, file, text, style);
        long version = found.records().size();
        state.restore(found.records(), found.byId());
        if (found.envelope() != null) {
            version++;
            state.restore(List.of(new RawRecord(RecordId.ENVELOPE, version, 0, found.envelope())));
        }
        state.apply(last, 0, new Change.Counters(schema.name(), version, 0));
        state.restoreLastWrite(clock.millis());
        SavedFile saved =
                new SavedFile(0, 0, -1, state.lastContentChange(), digest.result(), found.style(), found.keys());
        return new RecoveredCollection(
                state, saved, null, "adopted with " + found.records().size() + " records");
    }

    /**
     * The file is as the checkpoint left it, whose digest is the file's.
     *
     * @param found what the file holds then; null if there was none
     */
    RecoveredCollection replay(Checkpoint from, long newest, List<Frame> behind, @Nullable CheckpointedFile found) {
        restoreBookkeeping(from);
        if (found != null) {
            state.restore(found.records());
        }
        long contentBefore = state.lastContentChange();
        replay(behind);
        state.skipReserved();
        FileStyle style = found == null ? from.style() : found.style();
        Map<RecordId, byte[]> keys = found == null ? Map.of() : found.keys();
        SavedFile saved =
                new SavedFile(newest, from.number(), from.sequence(), contentBefore, from.file(), style, keys);
        String note = behind.isEmpty() ? null : "recovered " + behind.size() + " journal frames";
        return new RecoveredCollection(state, saved, null, note);
    }

    /** The file was edited since. */
    RecoveredCollection edited(Checkpoint from, long newest, List<Frame> behind, long last) {
        if (content == null) {
            throw new IllegalStateException("an edited file has content");
        }
        FileContent found = FileContent.check(schema, file, content, from.style());
        HandEdit edit = HandEdit.between(from, behind, found);
        LedgerEntry entry = entry(from, behind);
        boolean ours = entry == null || entry.state() == State.ACTIVE;
        if (ours
                && collidingEdits == CollidingEdits.REFUSE
                && !edit.collisions().isEmpty()) {
            throw refusal(edit);
        }
        restoreBookkeeping(from);
        state.restore(edit.untouched());
        replay(behind);
        state.skipReserved();
        FileDigest digest = FileDigest.of(content);
        if (!ours) {
            state.forgetTokens();
            String note = "the file was edited, but the other store is the authority: the edit was not taken in, and"
                    + " the records are compared again";
            SavedFile saved = new SavedFile(newest, 0, -1, -1, digest, found.style(), found.keys());
            return new RecoveredCollection(state, saved, file, note);
        }
        for (Change change : edit.changes(schema.name(), state, collidingEdits, clock.millis())) {
            state.apply(last, clock.millis(), change);
        }
        long contentInFile = edit.journalTouchesRecords() ? -1 : state.lastContentChange();
        SavedFile saved = new SavedFile(newest, 0, -1, contentInFile, digest, found.style(), found.keys());
        return new RecoveredCollection(state, saved, null, "taken in as edited by hand: " + edit.summary());
    }

    private StartRefusedException refusal(HandEdit edit) {
        List<RecordId> ids = edit.collisions();
        String some = ids.stream()
                .limit(10)
                .map(RecordId::toString)
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        return new StartRefusedException(
                "EDIT-COLLIDES",
                List.of(
                        file + " was edited by hand after a crash",
                        ids.size() + " of the edited records have newer versions in the journal: " + some
                                + (ids.size() > 10 ? ", …" : "")),
                "Both versions are kept. Start once with SWITCHOVER_COLLIDING_EDITS=file to let the file's count, or =journal"
                        + " for the journal's (JsonSettings.withCollidingEdits where the store is used alone).",
                null);
    }

    private static @Nullable LedgerEntry entry(Checkpoint from, List<Frame> behind) {
        LedgerEntry entry = from.entry();
        for (Frame frame : behind) {
            for (Change change : frame.changes()) {
                if (change instanceof Change.Entry next) {
                    entry = next.entry();
                }
            }
        }
        return entry;
    }

    private void restoreBookkeeping(Checkpoint from) {
        String name = schema.name();
        long sequence = from.sequence();
        state.apply(sequence, 0, new Change.Counters(name, from.version(), from.highestId()));
        state.apply(sequence, 0, new Change.Reserved(name, from.reserved()));
        if (from.entry() != null) {
            state.apply(sequence, 0, new Change.Entry(name, from.entry()));
        }
        if (from.phase() != null) {
            state.apply(sequence, 0, new Change.Noted(name, from.phase()));
        }
        from.tokens().forEach(token -> state.apply(sequence, 0, new Change.Token(name, token)));
        from.history().forEach(line -> state.apply(sequence, 0, new Change.History(name, line)));
        for (Pending pending : from.pending()) {
            state.restore(pending);
        }
        state.restoreLastWrite(from.lastWrite());
    }

    private void replay(List<Frame> frames) {
        for (Frame frame : frames) {
            for (Change change : frame.changes()) {
                state.apply(frame.sequence(), frame.millis(), change);
            }
        }
    }
}
