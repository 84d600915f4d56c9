package dev.switchover.dualwrite.backup;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordCursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Walks several sources side by side in id order, one id at a time: what each has of it, and which is the newest. Holds one record of each
 * source, whatever their size. Used by one thread. Close it.
 */
final class RecoveryMerge implements AutoCloseable {

    /** What one source has of an id. */
    record Candidate(RecoverySource source, RawRecord record) {}

    /**
     * One id.
     *
     * @param candidates of all sources that have it
     * @param deletedLater whether a source that was whole later than the newest of them lacks it
     */
    record Merged(RecordId id, List<Candidate> candidates, RawRecord newest, boolean deletedLater) {}

    private final CollectionSchema<?, ?> schema;
    private final List<RecoverySource> sources;
    private final List<Side> sides = new ArrayList<>();
    private final PriorityQueue<Side> queue;

    RecoveryMerge(CollectionSchema<?, ?> schema, List<RecoverySource> sources) {
        this.schema = schema;
        this.sources = sources;
        Comparator<RecordId> order = schema.idType().order();
        this.queue = new PriorityQueue<>((left, right) -> order.compare(left.id(), right.id()));
        boolean opened = false;
        try {
            for (RecoverySource source : sources) {
                Side side = new Side(source, source.open().apply(schema));
                sides.add(side);
                side.advance();
                if (side.present != null) {
                    queue.add(side);
                }
            }
            opened = true;
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    boolean hasNext() {
        return !queue.isEmpty();
    }

    Merged next() {
        Side first = queue.peek();
        if (first == null) {
            throw new NoSuchElementException();
        }
        RecordId id = first.id();
        List<Candidate> candidates = new ArrayList<>();
        RawRecord newest = null;
        while (!queue.isEmpty() && queue.peek().id().equals(id)) {
            Side side = Objects.requireNonNull(queue.poll());
            RawRecord record = Objects.requireNonNull(side.present);
            candidates.add(new Candidate(side.source, record));
            newest = newest == null || Newest.ORDER.compare(record, newest) > 0 ? record : newest;
            side.advance();
            if (side.present != null) {
                queue.add(side);
            }
        }
        RawRecord chosen = Objects.requireNonNull(newest);
        return new Merged(id, candidates, chosen, isDeletedLater(candidates, chosen));
    }

    /**
     * A database gives a version before its write can be seen, so a source may lack a record of a version it is past. It is deleted
     * only if that source is later than all that have it, too.
     */
    private boolean isDeletedLater(List<Candidate> candidates, RawRecord newest) {
        long known = newest.version() - 1;
        for (Candidate one : candidates) {
            if (one.record().version() == newest.version()) {
                known = Math.max(known, one.source().wholeUpTo().applyAsLong(schema));
            }
        }
        for (RecoverySource source : sources) {
            boolean lacks = candidates.stream().noneMatch(one -> one.source() == source);
            if (lacks && source.wholeUpTo().applyAsLong(schema) > known && newest.version() > 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        sides.forEach(side -> side.cursor.close());
    }

    private static final class Side {

        private final RecoverySource source;
        private final RecordCursor cursor;
        private @Nullable RawRecord present;

        Side(RecoverySource source, RecordCursor cursor) {
            this.source = source;
            this.cursor = cursor;
        }

        RecordId id() {
            return Objects.requireNonNull(present).id();
        }

        void advance() {
            present = null;
            while (present == null && cursor.hasNext()) {
                try {
                    present = cursor.next();
                } catch (InvalidRecordException e) {
                    source.problem("row " + e.id() + " of " + e.collection() + " is no record");
                }
            }
        }
    }
}
