package dev.switchover.json;

import dev.switchover.json.records.CollectionState;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** References to the records of several collections, copied at one moment. Used by one thread. */
final class JsonSnapshot implements RecordSnapshot {

    private record Copy(List<RawRecord> records, int count, Optional<LedgerEntry> entry) {}

    private final Map<CollectionSchema<?, ?>, Copy> copies = new IdentityHashMap<>();

    /** Called while nobody changes the state. */
    JsonSnapshot(
            Collection<? extends CollectionSchema<?, ?>> schemas,
            Function<CollectionSchema<?, ?>, CollectionState> state,
            Function<CollectionSchema<?, ?>, Optional<LedgerEntry>> entry) {
        for (CollectionSchema<?, ?> schema : schemas) {
            CollectionState collection = state.apply(schema);
            copies.put(schema, new Copy(Scan.copy(collection), collection.size(), entry.apply(schema)));
        }
    }

    private Copy of(CollectionSchema<?, ?> schema) {
        Copy copy = copies.get(schema);
        if (copy == null) {
            throw new IllegalArgumentException("The snapshot was not taken of " + schema.name());
        }
        return copy;
    }

    @Override
    public Optional<LedgerEntry> entry(CollectionSchema<?, ?> schema) {
        return of(schema).entry();
    }

    @Override
    public long count(CollectionSchema<?, ?> schema) {
        return of(schema).count();
    }

    @Override
    public RecordCursor scan(CollectionSchema<?, ?> schema) {
        return Scan.cursor(schema, of(schema).records());
    }

    @Override
    public RecordCursor inOrder(CollectionSchema<?, ?> schema) {
        return RecordCursor.of(of(schema).records().stream()
                .filter(record -> !record.id().isEnvelope())
                .sorted(Comparator.comparingLong(RawRecord::order))
                .iterator());
    }

    @Override
    public void close() {
        copies.clear();
    }
}
