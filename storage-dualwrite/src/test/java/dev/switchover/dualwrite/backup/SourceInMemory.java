package dev.switchover.dualwrite.backup;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Records a test made up, as a source of backups. */
final class SourceInMemory implements BackupSource {

    record Thing(String id, String text) {}

    record Item(Long id, String name) {}

    static final CollectionSchema<Thing, String> THINGS = CollectionSchema.of(
            CollectionDefinition.of("things", Thing.class, String.class).build());

    /** Nested in an envelope, with numbers for ids. */
    static final CollectionSchema<Item, Long> ITEMS =
            CollectionSchema.of(CollectionDefinition.of("items", Item.class, Long.class)
                    .json(JsonLayout.array().in("/items"))
                    .build());

    static final UUID LINEAGE = UUID.fromString("00000000-0000-0000-0000-00000000002a");

    private final Map<CollectionSchema<?, ?>, Supplier<Iterator<RawRecord>>> records = new LinkedHashMap<>();
    private final Map<CollectionSchema<?, ?>, Long> counts = new LinkedHashMap<>();
    int open;

    static RawRecord record(String id, long version, long order, String body) {
        return new RawRecord(new RecordId(id), version, order, body.getBytes(StandardCharsets.UTF_8));
    }

    static RawRecord thing(String id, long version, String text) {
        return record(id, version, version, "{\"id\":\"" + id + "\",\"text\":\"" + text + "\"}");
    }

    SourceInMemory with(CollectionSchema<?, ?> schema, RawRecord... all) {
        List<RawRecord> list = List.of(all);
        long envelopes = list.stream().filter(one -> one.id().isEnvelope()).count();
        return with(schema, list.size() - envelopes, list::iterator);
    }

    SourceInMemory with(CollectionSchema<?, ?> schema, long count, Supplier<Iterator<RawRecord>> all) {
        records.put(schema, all);
        counts.put(schema, count);
        return this;
    }

    @Override
    public List<CollectionSchema<?, ?>> schemas() {
        return new ArrayList<>(records.keySet());
    }

    @Override
    public boolean has(Store store) {
        return store == Store.JSON;
    }

    @Override
    public Authority authority(CollectionSchema<?, ?> schema) {
        return new Authority(Store.JSON, Phase.JSON_PRIMARY);
    }

    @Override
    public RecordSnapshot snapshot(Store store, List<CollectionSchema<?, ?>> schemas) {
        open++;
        return new RecordSnapshot() {
            @Override
            public Optional<LedgerEntry> entry(CollectionSchema<?, ?> schema) {
                Position position = new Position("here", 77, "", Instant.EPOCH);
                return Optional.of(LedgerEntry.first(LINEAGE, position).withHighestId(42));
            }

            @Override
            public long count(CollectionSchema<?, ?> schema) {
                return counts.get(schema);
            }

            @Override
            public RecordCursor scan(CollectionSchema<?, ?> schema) {
                Iterator<RawRecord> all = records.get(schema).get();
                return RecordCursor.of(new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return all.hasNext();
                    }

                    @Override
                    public RawRecord next() {
                        RawRecord next = all.next();
                        if (next.version() < 0) {
                            throw new InvalidRecordException(
                                    schema.name(), next.id().text(), "/x", "is no record");
                        }
                        return next;
                    }
                });
            }

            @Override
            public RecordCursor inOrder(CollectionSchema<?, ?> schema) {
                throw new UnsupportedOperationException("backups are in the order of ids");
            }

            @Override
            public void close() {
                open--;
            }
        };
    }
}
