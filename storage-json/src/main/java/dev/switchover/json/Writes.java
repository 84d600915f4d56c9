package dev.switchover.json;

import dev.switchover.json.commit.Draft;
import dev.switchover.json.journal.Change;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The writes of one call, as the primary: every condition first, then every change. Runs on the committer's thread. */
final class Writes {

    /** The epoch this instance serves a collection in. */
    interface Served {
        @Nullable
        Long epoch(CollectionSchema<?, ?> schema);
    }

    /** One frame of the journal, and an array in memory, have to hold them all. */
    private static final long BYTES = 1L << 30;

    private final List<Write> writes;
    private final Served served;
    private final long now;

    Writes(List<Write> writes, Served served, long now) {
        this.writes = writes;
        this.served = served;
        this.now = now;
    }

    List<Written> into(Draft draft) {
        long bytes = 0;
        for (Write write : writes) {
            bytes += write instanceof Write.Put put ? put.body().length : 0;
        }
        if (bytes > BYTES) {
            throw new RecordRefusedException(
                    writes.get(0).schema().name(),
                    null,
                    "the writes of one step have " + bytes + " bytes, and may have " + BYTES + "; write them in parts",
                    null);
        }
        for (Write write : writes) {
            requireServed(draft, write.schema(), served.epoch(write.schema()));
        }
        for (Write write : writes) {
            // Before the first id is made: it must not be one of these.
            if (write instanceof Write.Put put && !put.id().isEnvelope()) {
                issued(draft, put.schema(), put.id());
            }
        }
        JoinedUnits joined = JoinedUnits.into(draft, writes);
        List<Written> results = new ArrayList<>(writes.size());
        for (Write write : writes) {
            Written written = decide(draft, write, joined.unit());
            long replaced = written.pending() ? joined.replaced(written.schema(), written.id()) : 0;
            results.add(replaced == 0 ? written : written.behind(replaced));
        }
        return results;
    }

    static LedgerEntry requireServed(Draft draft, CollectionSchema<?, ?> schema, @Nullable Long epoch) {
        return requireServed(draft.entry(schema), schema, epoch);
    }

    static LedgerEntry requireServed(@Nullable LedgerEntry entry, CollectionSchema<?, ?> schema, @Nullable Long epoch) {
        if (entry == null || epoch == null) {
            throw new FencedException(
                    schema.name(), "This instance does not serve " + schema.name() + " from its JSON files yet");
        }
        if (!entry.serves() || entry.epoch() != epoch) {
            throw new FencedException(
                    schema.name(),
                    "The JSON files are no longer written by this instance for " + schema.name()
                            + ": their ledger says "
                            + entry.state() + " in epoch " + entry.epoch() + ", this instance serves epoch " + epoch
                            + ". Nothing was written; send the request to an instance of the new phase, or restart this"
                            + " one");
        }
        return entry;
    }

    private Written decide(Draft draft, Write write, long unit) {
        CollectionSchema<?, ?> schema = write.schema();
        if (write instanceof Write.Insert insert) {
            long number = nextId(draft.committed(schema).issued(), schema);
            RecordId id = new RecordId(Long.toString(number));
            return put(draft, schema, id, body(insert, id), null, unit);
        }
        if (write instanceof Write.Put put) {
            RawRecord stored = draft.find(schema, put.id());
            require(schema, put.id(), put.expected(), stored);
            return put(draft, schema, put.id(), put.body(), stored, unit);
        }
        if (write instanceof Write.Check check) {
            require(schema, check.id(), check.expected(), draft.find(schema, check.id()));
            return new Written(schema, check.id(), Written.Effect.NOTHING, 0, null, false);
        }
        Write.Delete delete = (Write.Delete) write;
        RawRecord stored = draft.find(schema, delete.id());
        require(schema, delete.id(), delete.expected(), stored);
        if (stored == null) {
            return new Written(schema, delete.id(), Written.Effect.NOTHING, 0, null, false);
        }
        long version = draft.nextVersion(schema);
        draft.add(schema, new Change.Delete(schema.name(), delete.id(), version));
        boolean marked = mark(draft, schema, delete.id(), version, unit);
        return new Written(schema, delete.id(), Written.Effect.DELETED, version, null, marked);
    }

    private static void issued(Draft draft, CollectionSchema<?, ?> schema, RecordId id) {
        draft.committed(schema).issued().accumulateAndGet(schema.number(id), Math::max);
    }

    /** Rises in memory at once: a refused write leaves a gap, never an id twice. */
    private static long nextId(AtomicLong issued, CollectionSchema<?, ?> schema) {
        long last = issued.getAndUpdate(id -> id == Long.MAX_VALUE ? id : id + 1);
        if (last == Long.MAX_VALUE) {
            throw new RecordRefusedException(
                    schema.name(), null, "all ids are used up; the highest one a sequence can make exists", null);
        }
        return last + 1;
    }

    private Written put(
            Draft draft,
            CollectionSchema<?, ?> schema,
            RecordId id,
            byte[] body,
            @Nullable RawRecord stored,
            long unit) {
        long version = draft.nextVersion(schema);
        long order = stored != null ? stored.order() : id.isEnvelope() ? 0 : version;
        draft.add(schema, new Change.Put(schema.name(), id, version, order, body));
        boolean marked = mark(draft, schema, id, version, unit);
        Written.Effect effect = stored == null ? Written.Effect.CREATED : Written.Effect.UPDATED;
        return new Written(schema, id, effect, version, new RawRecord(id, version, order, body), marked);
    }

    private boolean mark(Draft draft, CollectionSchema<?, ?> schema, RecordId id, long version, long unit) {
        LedgerEntry entry = draft.entry(schema);
        if (entry == null || entry.mirroring() == Mirroring.OFF) {
            return false;
        }
        draft.add(schema, new Change.Mark(schema.name(), id, version, unit, now));
        return true;
    }

    private static void require(
            CollectionSchema<?, ?> schema, RecordId id, Expected expected, @Nullable RawRecord stored) {
        if (expected instanceof Expected.Absent && stored != null) {
            throw new RecordExistsException(schema.name(), id.text());
        }
        if (expected instanceof Expected.Version version) {
            long actual = stored == null ? 0 : stored.version();
            if (actual != version.version()) {
                throw new VersionConflictException(schema.name(), id.text(), version.version(), actual);
            }
        }
    }

    private static byte[] body(Write.Insert insert, RecordId id) {
        byte[] before = insert.before();
        byte[] number = id.text().getBytes(StandardCharsets.UTF_8);
        byte[] after = insert.after();
        byte[] body = new byte[before.length + number.length + after.length];
        System.arraycopy(before, 0, body, 0, before.length);
        System.arraycopy(number, 0, body, before.length, number.length);
        System.arraycopy(after, 0, body, before.length + number.length, after.length);
        return body;
    }
}
