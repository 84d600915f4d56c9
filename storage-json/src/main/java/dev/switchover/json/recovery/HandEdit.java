package dev.switchover.json.recovery;

import dev.switchover.json.binary.TextHash;
import dev.switchover.json.checkpoint.Checkpoint;
import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.records.CollectionState;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did to a file: the difference between its text and everything that we may have written into it, which is the
 * checkpoint's records and those of the journal behind it. Pure.
 */
final class HandEdit {

    /** Text of new and changed records, in the file's order; null for removed ones. */
    private final Map<RecordId, byte @Nullable []> texts = new LinkedHashMap<>();
    /** Records that stand behind a place where the order was changed, and so need a new one. */
    private final Set<RecordId> moved = new HashSet<>();

    private final List<RawRecord> untouched = new ArrayList<>();
    /** Hashes of all texts that the journal gave a record. */
    private final Map<RecordId, Set<Long>> journaled = new HashMap<>();

    private final Set<RecordId> deletedInJournal = new HashSet<>();
    /** The orders known of records in the file. */
    private final Map<RecordId, Long> orders = new HashMap<>();

    private int added;
    private int removed;

    private HandEdit() {}

    static HandEdit between(Checkpoint from, List<Frame> behind, FileContent found) {
        HandEdit edit = new HandEdit();
        Map<RecordId, Checkpoint.Known> known = new HashMap<>();
        from.records().forEach(record -> known.put(record.id(), record));
        if (from.envelope() != null) {
            known.put(RecordId.ENVELOPE, from.envelope());
        }
        edit.readJournal(behind);
        long last = Long.MIN_VALUE;
        boolean shifted = false;
        for (RawRecord record : found.records()) {
            RecordId id = record.id();
            Checkpoint.Known before = known.remove(id);
            if (before != null) {
                edit.orders.put(id, before.order());
            }
            Long order = edit.orders.get(id);
            shifted |= order == null || order <= last;
            edit.compare(id, record.body(), before, order);
            if (shifted) {
                // New orders are higher than all there are, so everything behind the first of them needs one too.
                edit.moved.add(id);
                edit.texts.putIfAbsent(id, record.body());
            } else if (order != null) {
                last = order;
            }
        }
        Checkpoint.Known envelope = known.remove(RecordId.ENVELOPE);
        if (found.envelope() != null) {
            edit.compare(RecordId.ENVELOPE, found.envelope(), envelope, 0L);
        }
        for (RecordId id : known.keySet()) {
            if (!edit.deletedInJournal.contains(id)) {
                edit.texts.put(id, null);
                edit.removed++;
            }
        }
        return edit;
    }

    private void readJournal(List<Frame> behind) {
        for (Frame frame : behind) {
            for (Change change : frame.changes()) {
                if (change instanceof Change.Put put) {
                    orders.put(put.id(), put.order());
                    journaled.computeIfAbsent(put.id(), id -> new HashSet<>()).add(TextHash.of(put.body()));
                } else if (change instanceof Change.Delete delete) {
                    journaled.computeIfAbsent(delete.id(), id -> new HashSet<>());
                    deletedInJournal.add(delete.id());
                }
            }
        }
    }

    private void compare(RecordId id, byte[] text, Checkpoint.@Nullable Known before, @Nullable Long order) {
        long hash = TextHash.of(text);
        if (before != null && before.hash() == hash) {
            untouched.add(new RawRecord(id, before.version(), before.order(), text));
        } else if (!journaled.getOrDefault(id, Set.of()).contains(hash)) {
            texts.put(id, text);
            if (before == null && order == null) {
                added++;
            }
        }
    }

    /** Records that the file still has as the checkpoint knew them. */
    List<RawRecord> untouched() {
        return untouched;
    }

    /** Edited records that the journal changed too. */
    List<RecordId> collisions() {
        return texts.keySet().stream().filter(journaled::containsKey).toList();
    }

    boolean journalTouchesRecords() {
        return !journaled.isEmpty();
    }

    /** The edit as changes with versions of their own, pending if the ledger says so. */
    List<Change> changes(String collection, CollectionState state, CollidingEdits colliding, long now) {
        LedgerEntry entry = state.entry();
        boolean marks = entry != null && entry.mirroring() != Mirroring.OFF;
        List<Change> changes = new ArrayList<>();
        long version = state.version();
        for (Map.Entry<RecordId, byte @Nullable []> edited : texts.entrySet()) {
            RecordId id = edited.getKey();
            if (colliding == CollidingEdits.JOURNAL && journaled.containsKey(id)) {
                continue;
            }
            version++;
            byte[] text = edited.getValue();
            changes.add(
                    text == null
                            ? new Change.Delete(collection, id, version)
                            : new Change.Put(collection, id, version, order(id, version), text));
            if (marks) {
                changes.add(new Change.Mark(collection, id, version, 0, now));
            }
        }
        return changes;
    }

    private long order(RecordId id, long version) {
        if (id.isEnvelope()) {
            return 0;
        }
        Long known = orders.get(id);
        return known == null || moved.contains(id) ? version : known;
    }

    String summary() {
        int all = texts.size();
        return added + " new, " + removed + " removed, " + (all - added - removed) + " changed or moved";
    }
}
