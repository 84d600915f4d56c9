package dev.switchover.dualwrite.reconcile;

import dev.switchover.dualwrite.reconcile.Difference.Kind;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordCursor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * By version and order alone; bodies are not asked for. What differs has to be looked at.
 *
 * <p>PostgreSQL gives its rows as they lie, which takes it half the time of giving them in id order; each is looked up among JSON's
 * records, of which references are held, and what was not met is what PostgreSQL lacks. Used by one thread.
 */
final class VersionComparison implements Comparison {

    private final CollectionSchema<?, ?> schema;
    private final Comparator<RecordId> order;
    private final Queue<RecordId> unreadable = new ArrayDeque<>();
    private final boolean walksLeft;
    private final Store walkedStore;
    private final Readable walked;
    private @Nullable RawRecord present;
    /** In id order. */
    private final List<RawRecord> held = new ArrayList<>();

    private final BitSet met = new BitSet();
    /** Where the next one is looked for first: rows mostly lie in the order they were loaded in. */
    private int likely;
    /** When nothing is walked any more: from here on those that were not met have to be told. */
    private int untold;

    VersionComparison(StoreView left, StoreView right, CollectionSchema<?, ?> schema) {
        this.schema = schema;
        this.order = schema.idType().order();
        this.walksLeft = left.store() == Store.POSTGRESQL;
        StoreView walkedView = walksLeft ? left : right;
        StoreView heldView = walksLeft ? right : left;
        this.walkedStore = walkedView.store();
        // Both as of the same moment, nearly: the server begins its part before the references are copied.
        RecordCursor rows = walkedView.scanVersions(schema);
        boolean ready = false;
        try (Readable records = new Readable(heldView.scan(schema), unreadable)) {
            this.walked = new Readable(rows, unreadable);
            for (RawRecord record = records.next(); record != null; record = records.next()) {
                held.add(record);
            }
            present = walked.next();
            ready = true;
        } finally {
            if (!ready) {
                rows.close();
            }
        }
    }

    @Override
    public boolean hasNext() {
        return present != null || !unreadable.isEmpty() || met.nextClearBit(untold) < held.size();
    }

    @Override
    public @Nullable Difference next() {
        RecordId broken = unreadable.poll();
        if (broken != null) {
            return new Difference(Kind.UNREADABLE, broken, null, null);
        }
        RawRecord row = present;
        if (row == null) {
            int place = met.nextClearBit(untold);
            untold = place + 1;
            return walksLeft ? extra(held.get(place)) : missing(held.get(place));
        }
        present = walked.next();
        int place = place(row.id());
        if (place < 0) {
            return walksLeft ? missing(row) : extra(row);
        }
        if (met.get(place)) {
            throw new StoreUnavailableException(
                    walkedStore,
                    "The table of " + schema.name() + " gave id " + row.id()
                            + " twice; nothing can be compared. Has the index of the id been damaged?",
                    null);
        }
        met.set(place);
        likely = place + 1;
        RawRecord other = held.get(place);
        Kind kind = row.version() != other.version() ? Kind.CONTENT : row.order() != other.order() ? Kind.ORDER : null;
        if (kind == null) {
            return null;
        }
        return walksLeft ? new Difference(kind, row.id(), row, other) : new Difference(kind, row.id(), other, row);
    }

    private static Difference missing(RawRecord left) {
        return new Difference(Kind.MISSING, left.id(), left, null);
    }

    private static Difference extra(RawRecord right) {
        return new Difference(Kind.EXTRA, right.id(), null, right);
    }

    /** Where it is among those held, or a negative number. */
    private int place(RecordId id) {
        if (likely < held.size() && held.get(likely).id().equals(id)) {
            return likely;
        }
        int from = 0;
        int to = held.size() - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int compared = order.compare(held.get(middle).id(), id);
            if (compared == 0) {
                return middle;
            }
            if (compared < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        walked.close();
    }
}
