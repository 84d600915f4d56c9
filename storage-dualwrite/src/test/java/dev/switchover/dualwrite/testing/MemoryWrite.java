package dev.switchover.dualwrite.testing;

import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Several writes as one step: the ledger is looked at first, everything else decides when it happens. */
final class MemoryWrite {

    private record Key(String collection, RecordId id) {}

    private final MemoryDisk disk;
    private final List<Write> writes;
    private final Map<String, Boolean> marks;
    private final Map<Key, @Nullable RawRecord> changed = new HashMap<>();
    private final Map<String, Long> counters = new HashMap<>();
    private final Map<String, Long> highestIds = new HashMap<>();

    private MemoryWrite(MemoryDisk disk, List<Write> writes, Map<String, Boolean> marks) {
        this.disk = disk;
        this.writes = writes;
        this.marks = marks;
    }

    static MemoryWrite check(MemoryStore process, List<Write> writes) {
        Map<String, Boolean> marks = new HashMap<>();
        for (Write write : writes) {
            CollectionState state = process.disk().state(write.schema());
            LedgerEntry entry = requireServed(state, process.servedEpoch(write.schema()));
            marks.put(state.name, entry.mirroring() != Mirroring.OFF);
        }
        return new MemoryWrite(process.disk(), writes, marks);
    }

    static LedgerEntry requireServed(CollectionState state, @Nullable Long epoch) {
        LedgerEntry entry = state.entry;
        if (entry == null || !entry.serves() || epoch == null || entry.epoch() != epoch) {
            throw state.fenced("serving epoch " + epoch + ", the entry is " + entry);
        }
        return entry;
    }

    List<Written> commit() {
        for (Write write : writes) {
            if (write instanceof Write.Put put && !put.id().isEnvelope()) {
                CollectionSchema<?, ?> schema = put.schema();
                highestIds.merge(
                        schema.name(), Math.max(disk.state(schema).highestId, schema.number(put.id())), Math::max);
            }
        }
        List<Written> results = new ArrayList<>();
        for (Write write : writes) {
            results.add(decide(write));
        }
        List<Written> joined = results.stream().map(this::behind).toList();
        long unit = unit(joined);
        Instant now = disk.clock().instant();
        for (Written written : joined) {
            CollectionState state = disk.state(written.schema());
            state.counter = Math.max(state.counter, written.version());
            if (written.effect() != Written.Effect.NOTHING) {
                state.store(written.schema(), written.id(), written.record());
            }
            if (written.pending()) {
                PendingMark mark = new PendingMark(written.schema(), written.id(), written.version(), unit, now);
                state.marks.put(written.id(), new CollectionState.Mark(mark, disk.nextSequence(), null));
            }
        }
        return joined;
    }

    private Written behind(Written written) {
        PendingMark replaced = replaced(written);
        return replaced == null ? written : written.behind(replaced.version());
    }

    /** The mark of a unit of work that this one takes the place of. */
    private @Nullable PendingMark replaced(Written written) {
        CollectionState.Mark old = disk.state(written.schema()).marks.get(written.id());
        boolean ofUnit = written.pending()
                && old != null
                && old.parked() == null
                && old.mark().unit() != 0;
        return ofUnit ? old.mark() : null;
    }

    /** One for all units whose records are written again. */
    private long unit(List<Written> results) {
        Set<Long> older = new TreeSet<>();
        for (Written written : results) {
            PendingMark replaced = replaced(written);
            if (replaced != null) {
                older.add(replaced.unit());
            }
        }
        if (older.isEmpty()) {
            return writes.size() > 1 ? disk.nextSequence() : 0;
        }
        long unit = older.iterator().next();
        disk.states()
                .forEach(state -> state.marks.replaceAll(
                        (id, mark) -> older.contains(mark.mark().unit()) ? mark.ofUnit(unit) : mark));
        return unit;
    }

    private Written decide(Write write) {
        CollectionSchema<?, ?> schema = write.schema();
        if (write instanceof Write.Insert insert) {
            long number = highestIds.getOrDefault(schema.name(), disk.state(schema).highestId) + 1;
            highestIds.put(schema.name(), number);
            RecordId id = new RecordId(Long.toString(number));
            return put(schema, id, body(insert, number), null);
        }
        if (write instanceof Write.Put put) {
            RawRecord stored = stored(schema, put.id());
            require(schema, put.id(), put.expected(), stored);
            return put(schema, put.id(), put.body(), stored);
        }
        if (write instanceof Write.Check check) {
            require(schema, check.id(), check.expected(), stored(schema, check.id()));
            return new Written(schema, check.id(), Written.Effect.NOTHING, 0, null, false);
        }
        Write.Delete delete = (Write.Delete) write;
        RawRecord stored = stored(schema, delete.id());
        require(schema, delete.id(), delete.expected(), stored);
        if (stored == null) {
            return new Written(schema, delete.id(), Written.Effect.NOTHING, 0, null, false);
        }
        changed.put(new Key(schema.name(), delete.id()), null);
        return new Written(schema, delete.id(), Written.Effect.DELETED, nextVersion(schema), null, marks(schema));
    }

    private Written put(CollectionSchema<?, ?> schema, RecordId id, byte[] body, @Nullable RawRecord stored) {
        long version = nextVersion(schema);
        long order = stored != null ? stored.order() : id.isEnvelope() ? 0 : version;
        RawRecord record = new RawRecord(id, version, order, body);
        changed.put(new Key(schema.name(), id), record);
        Written.Effect effect = stored == null ? Written.Effect.CREATED : Written.Effect.UPDATED;
        return new Written(schema, id, effect, version, record, marks(schema));
    }

    private @Nullable RawRecord stored(CollectionSchema<?, ?> schema, RecordId id) {
        Key key = new Key(schema.name(), id);
        return changed.containsKey(key)
                ? changed.get(key)
                : disk.state(schema).records.get(id);
    }

    private static void require(
            CollectionSchema<?, ?> schema, RecordId id, Expected expected, @Nullable RawRecord stored) {
        if (expected instanceof Expected.Absent && stored != null) {
            throw MemoryStore.exists(schema, id);
        }
        if (expected instanceof Expected.Version version) {
            long actual = stored == null ? 0 : stored.version();
            if (actual != version.version()) {
                throw new VersionConflictException(schema.name(), id.text(), version.version(), actual);
            }
        }
    }

    private boolean marks(CollectionSchema<?, ?> schema) {
        return marks.getOrDefault(schema.name(), false);
    }

    private long nextVersion(CollectionSchema<?, ?> schema) {
        return counters.merge(schema.name(), disk.state(schema).counter + 1, (last, first) -> last + 1);
    }

    private static byte[] body(Write.Insert insert, long number) {
        byte[] id = Long.toString(number).getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[insert.before().length + id.length + insert.after().length];
        System.arraycopy(insert.before(), 0, body, 0, insert.before().length);
        System.arraycopy(id, 0, body, insert.before().length, id.length);
        System.arraycopy(insert.after(), 0, body, insert.before().length + id.length, insert.after().length);
        return body;
    }
}
