package dev.switchover.json;

import dev.switchover.json.commit.Draft;
import dev.switchover.json.journal.Change;
import dev.switchover.json.records.Pending;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.PendingSet;
import dev.switchover.storage.spi.Write;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The unit of work that the marks of one call belong to: that of the marks it replaces, so that all of them go to the mirror
 * together; if it replaces marks of several, these become one. The smaller ones take the number of the largest, so that a record
 * which every unit writes costs each of them only its own marks. Used by the committer's thread alone.
 */
final class JoinedUnits {

    private record Key(CollectionSchema<?, ?> schema, RecordId id) {}

    private final Map<Key, Pending> replaced = new HashMap<>();
    private final long unit;

    private JoinedUnits(Draft draft, List<Write> writes) {
        Map<Long, Long> sizes = new TreeMap<>();
        for (Write write : writes) {
            RecordId id = id(write);
            Pending old = id == null ? null : draft.pending(write.schema(), id);
            if (id != null && old != null && old.unit() != 0 && old.parked() == null) {
                replaced.put(new Key(write.schema(), id), old);
                sizes.computeIfAbsent(old.unit(), draft::sizeOfUnit);
            }
        }
        if (writes.size() == 1) {
            // It takes the place of one mark, and makes the unit no larger.
            this.unit = sizes.isEmpty() ? 0 : sizes.keySet().iterator().next();
            return;
        }
        long marks = writes.size()
                + sizes.values().stream().mapToLong(Long::longValue).sum();
        if (sizes.isEmpty() || marks > PendingSet.JOINED_AT_MOST) {
            this.unit = draft.sequence();
            return;
        }
        this.unit = sizes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow();
        replace(draft, sizes.keySet(), unit);
    }

    /** Gives the marks of these units another one. */
    static void replace(Draft draft, Collection<Long> units, long unit) {
        for (long older : units) {
            if (older == unit) {
                continue;
            }
            for (Draft.Marked member : draft.ofUnit(older)) {
                Pending mark = member.pending();
                String name = member.schema().name();
                draft.add(member.schema(), new Change.Mark(name, mark.id(), mark.version(), unit, mark.since()));
            }
        }
    }

    /** Adds to the draft what becomes of the older ones. */
    static JoinedUnits into(Draft draft, List<Write> writes) {
        return new JoinedUnits(draft, writes);
    }

    /** 0 for a single write that joins none. */
    long unit() {
        return unit;
    }

    /** The version of the mark of an earlier unit that this one replaces; 0 if there is none. */
    long replaced(CollectionSchema<?, ?> schema, RecordId id) {
        Pending old = replaced.get(new Key(schema, id));
        return old == null ? 0 : old.version();
    }

    private static @Nullable RecordId id(Write write) {
        if (write instanceof Write.Put put) {
            return put.id();
        }
        return write instanceof Write.Delete delete ? delete.id() : null;
    }
}
