package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.backup.RecoveryMerge.Merged;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The newest of everything, as if it were a store's. Used by one thread. */
final class MergedSource implements BackupSource {

    /** In place of a lineage nobody knows. */
    static final UUID UNKNOWN = new UUID(0, 0);

    private final RecoverySources sources;
    private final List<CollectionSchema<?, ?>> schemas;
    private final boolean withDeleted;
    private final Map<CollectionSchema<?, ?>, Long> counts;
    private final Map<CollectionSchema<?, ?>, long[]> counters;

    /**
     * @param counts of records, without envelopes
     * @param counters the highest version or place, and the highest id
     */
    MergedSource(
            RecoverySources sources,
            List<CollectionSchema<?, ?>> schemas,
            boolean withDeleted,
            Map<CollectionSchema<?, ?>, Long> counts,
            Map<CollectionSchema<?, ?>, long[]> counters) {
        this.sources = sources;
        this.schemas = schemas;
        this.withDeleted = withDeleted;
        this.counts = counts;
        this.counters = counters;
    }

    @Override
    public List<CollectionSchema<?, ?>> schemas() {
        return schemas;
    }

    @Override
    public boolean has(Store store) {
        return store == Store.JSON;
    }

    @Override
    public Authority authority(CollectionSchema<?, ?> schema) {
        return new Authority(Store.JSON, null);
    }

    @Override
    public RecordSnapshot snapshot(Store store, List<CollectionSchema<?, ?>> of) {
        return new RecordSnapshot() {
            @Override
            public Optional<LedgerEntry> entry(CollectionSchema<?, ?> schema) {
                return Optional.of(MergedSource.this.entry(schema));
            }

            @Override
            public long count(CollectionSchema<?, ?> schema) {
                return counts.getOrDefault(schema, 0L);
            }

            @Override
            public RecordCursor scan(CollectionSchema<?, ?> schema) {
                return new Cursor(new RecoveryMerge(schema, sources.found()));
            }

            @Override
            public RecordCursor inOrder(CollectionSchema<?, ?> schema) {
                throw new UnsupportedOperationException("what is merged comes in the order of ids");
            }

            @Override
            public void close() {
                // What is merged belongs to who made it.
            }
        };
    }

    private LedgerEntry entry(CollectionSchema<?, ?> schema) {
        LedgerEntry live = sources.live(schema);
        long[] highest = counters.getOrDefault(schema, new long[2]);
        LedgerEntry entry = live == null ? LedgerEntry.first(UNKNOWN, new Position("", 0, "", Instant.EPOCH)) : live;
        return entry.atLeast(highest[0], highest[1]);
    }

    private final class Cursor extends CursorAhead {

        private final RecoveryMerge merge;

        Cursor(RecoveryMerge merge) {
            this.merge = merge;
            begin();
        }

        @Override
        @Nullable
        RawRecord read() {
            while (merge.hasNext()) {
                Merged one = merge.next();
                if (withDeleted || !one.deletedLater()) {
                    return one.newest();
                }
            }
            return null;
        }

        @Override
        public void close() {
            merge.close();
        }
    }
}
