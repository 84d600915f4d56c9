package dev.switchover.storage.repository;

import dev.switchover.storage.Query;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.query.QueryEvaluator;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The simplest access that keeps the contract: the standard the suite itself is tried on. */
final class InMemoryAccess implements RecordAccess {

    private static final class Contents {

        private Map<RecordId, RawRecord> records = new HashMap<>();
        private long version;
        private long highestId;

        Contents copy() {
            Contents copy = new Contents();
            copy.records = new HashMap<>(records);
            copy.version = version;
            copy.highestId = highestId;
            return copy;
        }
    }

    private Map<String, Contents> collections = new HashMap<>();

    @Override
    public synchronized Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return Optional.ofNullable(contents(schema).records.get(id));
    }

    @Override
    public synchronized List<RawRecord> list(CollectionSchema<?, ?> schema, Query query) {
        List<RawRecord> inOrder = new ArrayList<>(contents(schema).records.values());
        inOrder.sort(Comparator.comparingLong(RawRecord::order));
        return QueryEvaluator.of(schema, query).evaluate(inOrder);
    }

    @Override
    public RecordCursor stream(CollectionSchema<?, ?> schema, Query query) {
        return RecordCursor.of(list(schema, query).iterator());
    }

    @Override
    public synchronized long count(CollectionSchema<?, ?> schema, Query query) {
        return contents(schema).records.values().stream()
                .filter(QueryEvaluator.of(schema, query).filter())
                .count();
    }

    @Override
    public synchronized long nextId(CollectionSchema<?, ?> schema) {
        return ++contents(schema).highestId;
    }

    @Override
    public synchronized List<Written> write(List<Write> writes) {
        Map<String, Contents> before = new HashMap<>();
        collections.forEach((name, contents) -> before.put(name, contents.copy()));
        List<Written> written = new ArrayList<>();
        boolean done = false;
        try {
            writes.forEach(this::reserve);
            writes.forEach(write -> written.add(apply(write)));
            done = true;
        } finally {
            if (!done) {
                collections = before;
            }
        }
        return written;
    }

    private void reserve(Write write) {
        if (write instanceof Write.Put put) {
            Contents contents = contents(put.schema());
            contents.highestId = Math.max(contents.highestId, put.schema().number(put.id()));
        }
    }

    private Written apply(Write write) {
        CollectionSchema<?, ?> schema = write.schema();
        Contents contents = contents(schema);
        if (write instanceof Write.Put put) {
            demand(schema, put.id(), put.expected());
            return store(schema, put.id(), put.body());
        }
        if (write instanceof Write.Insert insert) {
            String id = Long.toString(++contents.highestId);
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(insert.before());
            body.writeBytes(id.getBytes(StandardCharsets.UTF_8));
            body.writeBytes(insert.after());
            return store(schema, new RecordId(id), body.toByteArray());
        }
        if (write instanceof Write.Delete delete) {
            demand(schema, delete.id(), delete.expected());
            if (contents.records.remove(delete.id()) == null) {
                return new Written(schema, delete.id(), Written.Effect.NOTHING, 0, null, false);
            }
            return new Written(schema, delete.id(), Written.Effect.DELETED, ++contents.version, null, false);
        }
        Write.Check check = (Write.Check) write;
        demand(schema, check.id(), check.expected());
        return new Written(schema, check.id(), Written.Effect.NOTHING, 0, null, false);
    }

    private Written store(CollectionSchema<?, ?> schema, RecordId id, byte[] body) {
        Contents contents = contents(schema);
        RawRecord old = contents.records.get(id);
        long version = ++contents.version;
        long order = old != null ? old.order() : id.isEnvelope() ? 0 : version;
        RawRecord record = new RawRecord(id, version, order, body);
        contents.records.put(id, record);
        Written.Effect effect = old == null ? Written.Effect.CREATED : Written.Effect.UPDATED;
        return new Written(schema, id, effect, version, record, false);
    }

    private void demand(CollectionSchema<?, ?> schema, RecordId id, Expected expected) {
        RawRecord present = contents(schema).records.get(id);
        if (expected instanceof Expected.Absent && present != null) {
            throw new RecordExistsException(schema.name(), id.text());
        }
        long actual = version(present);
        if (expected instanceof Expected.Version version && version.version() != actual) {
            throw new VersionConflictException(schema.name(), id.text(), version.version(), actual);
        }
    }

    private static long version(@Nullable RawRecord record) {
        return record == null ? 0 : record.version();
    }

    private Contents contents(CollectionSchema<?, ?> schema) {
        return collections.computeIfAbsent(schema.name(), name -> new Contents());
    }
}
