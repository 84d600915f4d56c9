package dev.switchover.dualwrite.reconcile;

import dev.switchover.dualwrite.reconcile.Difference.Kind;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordStore;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Two scans, one id at a time. Holds one record of each. Used by one thread. Close it. */
final class SideBySide implements Comparison {

    private final CollectionSchema<?, ?> schema;
    private final Comparator<RecordId> order;
    private final boolean tolerant;
    /** Passed by and not told yet. */
    private final Deque<RecordId> unreadable = new ArrayDeque<>();

    private final Side left;
    private final Side right;
    private Counts counts = Counts.NONE;

    SideBySide(RecordStore left, RecordStore right, CollectionSchema<?, ?> schema) {
        this(left.store(), () -> left.scan(schema), right, schema);
    }

    /** @param scan opens a scan of the left store */
    SideBySide(
            Store leftStore,
            Function<CollectionSchema<?, ?>, RecordCursor> scan,
            RecordStore right,
            CollectionSchema<?, ?> schema) {
        this(leftStore, () -> scan.apply(schema), right, schema);
    }

    private SideBySide(
            Store leftStore, Supplier<RecordCursor> leftScan, RecordStore right, CollectionSchema<?, ?> schema) {
        this(leftStore, leftScan, right.store(), () -> right.scan(schema), schema, false);
    }

    /** @param tolerant whether a record that cannot be read is a difference rather than the end */
    private SideBySide(
            Store leftStore,
            Supplier<RecordCursor> leftScan,
            Store rightStore,
            Supplier<RecordCursor> rightScan,
            CollectionSchema<?, ?> schema,
            boolean tolerant) {
        this.schema = schema;
        this.order = schema.idType().order();
        this.tolerant = tolerant;
        this.left = new Side(leftStore, leftScan.get());
        try {
            this.right = new Side(rightStore, rightScan.get());
        } catch (RuntimeException e) {
            this.left.close();
            throw e;
        }
    }

    /**
     * A record that cannot be read becomes a difference, {@link Kind#UNREADABLE}; if only one of the two cannot, the other one
     * becomes another, of the same id.
     */
    static SideBySide tolerant(StoreView left, StoreView right, CollectionSchema<?, ?> schema) {
        return new SideBySide(
                left.store(), () -> left.scan(schema), right.store(), () -> right.scan(schema), schema, true);
    }

    Counts counts() {
        return counts;
    }

    @Override
    public boolean hasNext() {
        return left.present != null || right.present != null || !unreadable.isEmpty();
    }

    @Override
    public @Nullable Difference next() {
        RecordId broken = unreadable.poll();
        if (broken != null) {
            return counted(new Difference(Kind.UNREADABLE, broken, null, null));
        }
        RawRecord a = left.present;
        RawRecord b = right.present;
        int place = a == null ? 1 : b == null ? -1 : order.compare(a.id(), b.id());
        if (place < 0 && a != null) {
            left.advance();
            return counted(new Difference(Kind.MISSING, a.id(), a, null));
        }
        if (place > 0 && b != null) {
            right.advance();
            return counted(new Difference(Kind.EXTRA, b.id(), null, b));
        }
        if (a == null || b == null) {
            throw new IllegalStateException("nothing is left to compare");
        }
        left.advance();
        right.advance();
        Kind kind = kind(schema, a, b);
        if (kind == null) {
            counts = counts.plusEqual(1);
            return null;
        }
        return counted(new Difference(kind, a.id(), a, b));
    }

    private Difference counted(Difference difference) {
        counts = counts.plus(difference.kind());
        return difference;
    }

    /** In what two records of one id differ, or null. */
    static @Nullable Kind kind(CollectionSchema<?, ?> schema, RawRecord left, RawRecord right) {
        boolean same = left.id().isEnvelope()
                ? Arrays.equals(left.body(), right.body())
                : schema.sameContent(left.body(), right.body());
        if (!same) {
            return Kind.CONTENT;
        }
        if (left.order() != right.order()) {
            return Kind.ORDER;
        }
        return left.version() == right.version() ? null : Kind.VERSION;
    }

    @Override
    public void close() {
        try (Side first = left;
                Side second = right) {
            // Both are closed, also if closing one fails.
        }
    }

    private final class Side implements AutoCloseable {
        private final Store store;
        private final Readable records;
        private @Nullable RawRecord present;

        private Side(Store store, RecordCursor cursor) {
            this.store = store;
            this.records = new Readable(cursor, tolerant ? unreadable : null);
            try {
                advance();
            } catch (RuntimeException e) {
                cursor.close();
                throw e;
            }
        }

        private void advance() {
            RawRecord previous = present;
            RawRecord next = records.next();
            // Everything behind a record out of place would look missing or extra.
            if (previous != null && next != null && order.compare(previous.id(), next.id()) >= 0) {
                throw new StoreUnavailableException(
                        store,
                        "The scan of " + schema.name() + " gave id " + next.id() + " after " + previous.id()
                                + ", which is not the order of its ids; nothing can be compared. Has the index of"
                                + " the id been damaged, or its collation changed?",
                        null);
            }
            present = next;
        }

        @Override
        public void close() {
            records.close();
        }
    }
}
