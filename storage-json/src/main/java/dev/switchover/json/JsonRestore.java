package dev.switchover.json;

import dev.switchover.json.commit.Draft;
import dev.switchover.json.journal.Change;
import dev.switchover.json.records.Pending;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Overwritten;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.Restoration;
import dev.switchover.storage.spi.Restored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A restore as one entry of the journal. What is wanted is read on the caller's thread; a record that is there already is kept as
 * the reference to it, so memory grows by what differs. What has changed meanwhile is seen by {@link #into}, which runs on the
 * committer's thread and is the one that decides.
 */
final class JsonRestore {

    /** One frame of the journal, and an array in memory, have to hold them all. */
    private static final long BYTES = 1L << 30;

    private record Wanted(Restoration restoration, Map<RecordId, RawRecord> records) {
        private CollectionSchema<?, ?> schema() {
            return restoration.schema();
        }
    }

    private final List<Wanted> all = new ArrayList<>();
    private final Set<Long> olderUnits = new TreeSet<>();
    private final boolean together;
    private final Writes.Served served;
    private final long now;

    /** @param stored finds what is there, or null */
    JsonRestore(
            List<Restoration> wanted,
            boolean together,
            BiFunction<CollectionSchema<?, ?>, RecordId, RawRecord> stored,
            Writes.Served served,
            long now) {
        this.together = together;
        this.served = served;
        this.now = now;
        for (Restoration restoration : wanted) {
            all.add(read(restoration, stored));
        }
    }

    private static Wanted read(
            Restoration restoration, BiFunction<CollectionSchema<?, ?>, RecordId, RawRecord> stored) {
        CollectionSchema<?, ?> schema = restoration.schema();
        Map<RecordId, RawRecord> records = new LinkedHashMap<>();
        try (RecordCursor cursor = restoration.records().get()) {
            while (cursor.hasNext()) {
                RawRecord record = cursor.next();
                RawRecord present = stored.apply(schema, record.id());
                records.put(
                        record.id(), present != null && Restoration.same(schema, present, record) ? present : record);
            }
        }
        return new Wanted(restoration, records);
    }

    List<Restored> into(Draft draft) {
        for (Wanted wanted : all) {
            Writes.requireServed(draft, wanted.schema(), served.epoch(wanted.schema()));
        }
        long bytes = 0;
        List<Restored> results = new ArrayList<>();
        for (Wanted wanted : all) {
            Step step = new Step(draft, wanted);
            results.add(step.run());
            bytes += step.bytes;
        }
        JoinedUnits.replace(draft, olderUnits, draft.sequence());
        if (bytes > BYTES) {
            throw new RecordRefusedException(
                    all.get(0).schema().name(),
                    null,
                    "the records to be restored have " + bytes + " bytes, and the JSON store takes " + BYTES
                            + " in one step; restore one collection after the other",
                    null);
        }
        return results;
    }

    /** One collection. */
    private final class Step {

        private final Draft draft;
        private final Wanted wanted;
        private final CollectionSchema<?, ?> schema;
        private final boolean marking;
        private final List<RawRecord> overwritten = new ArrayList<>();
        private long bytes;

        Step(Draft draft, Wanted wanted) {
            this.draft = draft;
            this.wanted = wanted;
            this.schema = wanted.schema();
            LedgerEntry entry = draft.entry(schema);
            this.marking = entry != null && entry.mirroring() != Mirroring.OFF;
        }

        Restored run() {
            Restoration restoration = wanted.restoration();
            draft.add(schema, new Change.Counters(schema.name(), restoration.version(), restoration.highestId()));
            draft.committed(schema).issued().accumulateAndGet(restoration.highestId(), Math::max);
            long deleted = 0;
            long equal = 0;
            long written = 0;
            for (RecordId id : draft.ids(schema)) {
                if (wanted.records().containsKey(id)) {
                    continue;
                }
                if (restoration.newerStays()) {
                    equal++;
                } else {
                    overwrites(draft.find(schema, id));
                    long version = draft.nextVersion(schema);
                    draft.add(schema, new Change.Delete(schema.name(), id, version));
                    mark(id, version);
                    deleted++;
                }
            }
            for (RawRecord record : wanted.records().values()) {
                RawRecord present = draft.find(schema, record.id());
                boolean stays = restoration.newerStays() && present != null && present.version() >= record.version();
                if (stays || (present != null && Restoration.same(schema, present, record))) {
                    equal++;
                } else {
                    overwrites(present);
                    put(record);
                    written++;
                }
            }
            tell();
            return new Restored(schema, written, deleted, equal);
        }

        private void overwrites(@Nullable RawRecord present) {
            if (present != null) {
                overwritten.add(present);
            }
        }

        private void tell() {
            Comparator<RecordId> order = schema.idType().order();
            overwritten.sort((left, right) -> order.compare(left.id(), right.id()));
            try (Overwritten watching = wanted.restoration().overwritten().get()) {
                overwritten.forEach(watching::accept);
            }
        }

        private void put(RawRecord record) {
            long version = draft.nextVersion(schema);
            draft.add(schema, new Change.Put(schema.name(), record.id(), version, record.order(), record.body()));
            draft.committed(schema).issued().accumulateAndGet(schema.number(record.id()), Math::max);
            mark(record.id(), version);
            bytes += record.body().length;
        }

        private void mark(RecordId id, long version) {
            if (marking) {
                Pending old = draft.pending(schema, id);
                long older = old == null || old.parked() != null ? 0 : old.unit();
                if (together && older != 0) {
                    olderUnits.add(older);
                }
                long unit = together ? draft.sequence() : older;
                draft.add(schema, new Change.Mark(schema.name(), id, version, unit, now));
            }
        }
    }
}
