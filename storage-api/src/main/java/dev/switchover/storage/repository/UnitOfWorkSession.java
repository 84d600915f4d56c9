package dev.switchover.storage.repository;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Envelope;
import dev.switchover.storage.UnitOfWork;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of a unit of work: what it has read, what it has changed, and the batch that makes it happen. Everything read is
 * checked by the batch, written or not. Used by one thread.
 */
final class UnitOfWorkSession implements UnitOfWork {

    private record Key(CollectionSchema<?, ?> schema, RecordId id) {}

    /** What the work sees of one record. */
    private static final class Seen {

        /** As it was read from the store; {@code known} tells absent from not read. */
        private @Nullable RawRecord base;

        private boolean known;
        private byte @Nullable [] body;
        /** Whether the batch has a change of it; then {@code lastWrite} is where. */
        private boolean changed;

        private int lastWrite;
    }

    private final RecordStorage storage;
    private final RecordAccess access;
    private final Map<Key, Seen> seen = new LinkedHashMap<>();
    private final List<Write> batch = new ArrayList<>();
    private final List<Write> checks = new ArrayList<>();
    private boolean ended;

    UnitOfWorkSession(RecordStorage storage, RecordAccess access) {
        this.storage = storage;
        this.access = access;
    }

    @Override
    public <T, ID> Records<T, ID> on(CollectionDefinition<T, ID> collection) {
        running();
        return new SessionRecords<>(this, storage.schema(collection));
    }

    @Override
    public Envelope envelope(CollectionDefinition<?, ?> collection) {
        CollectionSchema<?, ?> schema = storage.withEnvelope(collection);
        return new Envelope() {
            @Override
            public String read() {
                return find(schema, RecordId.ENVELOPE)
                        .map(body -> new String(body, StandardCharsets.UTF_8))
                        .orElseGet(() -> EnvelopeText.initial(schema));
            }

            @Override
            public void write(String json) {
                put(schema, RecordId.ENVELOPE, EnvelopeText.checked(schema, json));
            }
        };
    }

    /** The body as the work sees it. */
    Optional<byte[]> find(CollectionSchema<?, ?> schema, RecordId id) {
        return Optional.ofNullable(load(schema, id).body);
    }

    /** The version in the store, as the work has read it, or 0; its own changes have none yet. */
    long storedVersion(CollectionSchema<?, ?> schema, RecordId id) {
        Seen record = load(schema, id);
        if (!record.known) {
            // Changed without having been read: what its first change did not demand is checked before it.
            record.base = access.find(schema, id).orElse(null);
            record.known = true;
            checks.add(new Write.Check(schema, id, version(record.base)));
        }
        return record.base == null ? 0 : record.base.version();
    }

    /**
     * An id no record has. The store does not know yet which ids the work has given itself; that nobody else has given this one
     * by then is checked by the batch.
     */
    RecordId newId(CollectionSchema<?, ?> schema) {
        running();
        RecordId id;
        do {
            id = schema.parseId(Long.toString(access.nextId(schema)));
        } while (seen.containsKey(new Key(schema, id)));
        Seen record = new Seen();
        record.known = true;
        seen.put(new Key(schema, id), record);
        return id;
    }

    void put(CollectionSchema<?, ?> schema, RecordId id, byte[] body) {
        running();
        Seen record = seen.computeIfAbsent(new Key(schema, id), key -> new Seen());
        boolean over = record.changed && record.body != null;
        record.body = body;
        if (over && batch.get(record.lastWrite) instanceof Write.Put earlier) {
            batch.set(record.lastWrite, new Write.Put(schema, id, body, earlier.expected()));
        } else {
            add(record, new Write.Put(schema, id, body, expected(record)));
        }
    }

    void delete(CollectionSchema<?, ?> schema, RecordId id) {
        Seen record = load(schema, id);
        record.body = null;
        add(record, new Write.Delete(schema, id, expected(record)));
    }

    /** Everything changed, and a check of everything read that was not; nothing if one read is all there was. */
    List<Write> writes() {
        List<Write> writes = new ArrayList<>(checks);
        for (Map.Entry<Key, Seen> entry : seen.entrySet()) {
            Seen record = entry.getValue();
            if (!record.changed) {
                Key key = entry.getKey();
                writes.add(new Write.Check(key.schema, key.id, expected(record)));
            }
        }
        if (batch.isEmpty() && writes.size() < 2) {
            // A single read is of one moment by itself.
            return List.of();
        }
        writes.addAll(batch);
        return writes;
    }

    void end() {
        ended = true;
    }

    private Seen load(CollectionSchema<?, ?> schema, RecordId id) {
        running();
        Seen record = seen.computeIfAbsent(new Key(schema, id), key -> new Seen());
        if (!record.known && !record.changed) {
            RawRecord found = access.find(schema, id).orElse(null);
            record.base = found;
            record.known = true;
            record.body = found == null ? null : found.body();
        }
        return record;
    }

    private void add(Seen record, Write write) {
        record.changed = true;
        record.lastWrite = batch.size();
        batch.add(write);
    }

    /** Only the first change of a record can demand anything: the later ones follow it in the same batch. */
    private static Expected expected(Seen record) {
        if (record.changed || !record.known) {
            return Expected.ANY;
        }
        return version(record.base);
    }

    private static Expected version(@Nullable RawRecord base) {
        return new Expected.Version(base == null ? 0 : base.version());
    }

    private void running() {
        if (ended) {
            throw new IllegalStateException("The unit of work has ended; use it inside its function only");
        }
    }
}
