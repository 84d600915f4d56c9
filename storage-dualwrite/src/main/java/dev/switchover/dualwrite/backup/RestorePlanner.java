package dev.switchover.dualwrite.backup;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import dev.switchover.storage.spi.Restoration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Compares what is wanted with what is there, both streamed in id order, without changing anything. Thread-safe. */
final class RestorePlanner {

    private static final int NAMED = 100;

    /** What a collection is to hold. @param newerStays see {@link dev.switchover.storage.spi.Restoration} */
    record Wanted(CollectionSchema<?, ?> schema, boolean newerStays, Supplier<? extends RecordCursor> records) {}

    /** The changes, and the bytes of all bodies that would be written. */
    record Found(List<RestorePlan.Changes> changes, long bytes) {}

    private final BackupSource source;

    RestorePlanner(BackupSource source) {
        this.source = source;
    }

    Found compare(List<Wanted> wanted) {
        List<RestorePlan.Changes> changes = new ArrayList<>();
        long bytes = 0;
        for (Wanted one : wanted) {
            Store store = source.authority(one.schema()).store();
            try (RecordSnapshot snapshot = source.snapshot(store, List.of(one.schema()));
                    RecordCursor stored = snapshot.scan(one.schema());
                    RecordCursor records = one.records().get()) {
                Walk walk = new Walk(one.schema());
                walk.run(stored, records, one.newerStays());
                changes.add(walk.changes());
                bytes += walk.bytes;
            }
        }
        return new Found(changes, bytes);
    }

    /** Through one collection. */
    private static final class Walk {

        private final CollectionSchema<?, ?> schema;
        private final List<String> added = new ArrayList<>();
        private final List<String> changed = new ArrayList<>();
        private final List<String> removed = new ArrayList<>();
        private long addedCount;
        private long changedCount;
        private long removedCount;
        private long equal;
        private long bytes;

        Walk(CollectionSchema<?, ?> schema) {
            this.schema = schema;
        }

        void run(RecordCursor stored, RecordCursor wanted, boolean newerStays) {
            Comparator<RecordId> order = schema.idType().order();
            RawRecord left = next(stored);
            RawRecord right = wanted.hasNext() ? wanted.next() : null;
            while (left != null || right != null) {
                int place = left == null ? 1 : right == null ? -1 : order.compare(left.id(), right.id());
                boolean stays = newerStays
                        && left != null
                        && place <= 0
                        && (place < 0 || right == null || left.version() >= right.version());
                if (stays) {
                    equal++;
                } else if (place < 0 && left != null) {
                    removedCount++;
                    name(removed, left.id());
                } else if (place > 0 && right != null) {
                    addedCount++;
                    name(added, right.id());
                    bytes += right.body().length;
                } else if (left != null && right != null && !Restoration.same(schema, left, right)) {
                    changedCount++;
                    name(changed, right.id());
                    bytes += right.body().length;
                } else {
                    equal++;
                }
                left = place <= 0 ? next(stored) : left;
                right = place >= 0 ? (wanted.hasNext() ? wanted.next() : null) : right;
            }
        }

        private static void name(List<String> ids, RecordId id) {
            if (ids.size() < NAMED) {
                ids.add(id.text());
            }
        }

        RestorePlan.Changes changes() {
            return new RestorePlan.Changes(
                    schema.name(), addedCount, changedCount, removedCount, equal, added, changed, removed);
        }
    }

    /** A row that is no record differs from every one. */
    private static @Nullable RawRecord next(RecordCursor stored) {
        if (!stored.hasNext()) {
            return null;
        }
        try {
            return stored.next();
        } catch (InvalidRecordException e) {
            String id = e.id();
            if (id == null) {
                throw e;
            }
            return new RawRecord(new RecordId(id), 0, -1, new byte[0]);
        }
    }
}
