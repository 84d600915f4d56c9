package dev.switchover.json;

import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.Pending;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.PendingBatch;
import dev.switchover.storage.spi.PendingRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The pending records a mirror worker takes at once, of several collections. Versions of different collections tell nothing
 * about each other, so between collections the one pending for longest comes first. Used while the state is being read.
 */
final class TakenPending {

    private record Key(CollectionState collection, RecordId id) {}

    private record Next(CollectionState collection, Pending pending, Iterator<Pending> rest) {}

    private final List<CollectionState> collections;
    private final List<PendingRecord> taken = new ArrayList<>();
    private final Set<Key> seen = new HashSet<>();
    private final Set<Long> units = new HashSet<>();
    private long length;

    TakenPending(List<CollectionState> collections) {
        this.collections = collections;
    }

    PendingBatch take(int records, long bytes) {
        PriorityQueue<Next> oldest = new PriorityQueue<>(
                Comparator.comparingLong(next -> next.pending().since()));
        for (CollectionState collection : collections) {
            offer(oldest, collection, collection.pending().waiting().values().iterator());
        }
        while (!oldest.isEmpty() && taken.size() < records && length < bytes) {
            Next next = oldest.remove();
            takeUnit(next);
            offer(oldest, next.collection(), next.rest());
        }
        return new PendingBatch(taken, !oldest.isEmpty());
    }

    private static void offer(PriorityQueue<Next> oldest, CollectionState collection, Iterator<Pending> rest) {
        if (rest.hasNext()) {
            oldest.add(new Next(collection, rest.next(), rest));
        }
    }

    private void takeUnit(Next next) {
        long unit = next.pending().unit();
        if (unit == 0) {
            take(next.collection(), next.pending());
            return;
        }
        if (!units.add(unit)) {
            return;
        }
        for (CollectionState collection : collections) {
            List<Pending> together = new ArrayList<>(collection.pending().ofUnit(unit));
            together.sort(Comparator.comparingLong(Pending::version));
            together.forEach(pending -> take(collection, pending));
        }
    }

    private void take(CollectionState collection, Pending pending) {
        if (seen.add(new Key(collection, pending.id()))) {
            RawRecord present = collection.find(pending.id());
            taken.add(new PendingRecord(JsonPendingSet.mark(collection.schema(), pending), present));
            length += present == null ? 0 : present.body().length;
        }
    }
}
