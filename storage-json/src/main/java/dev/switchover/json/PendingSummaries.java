package dev.switchover.json;

import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.Pending;
import dev.switchover.storage.spi.PendingSummary;
import java.time.Instant;
import java.util.Collection;

/** How much of a collection has not reached the mirror. */
final class PendingSummaries {

    private PendingSummaries() {}

    static PendingSummary of(CollectionState collection) {
        Collection<Pending> waiting = collection.pending().waiting().values();
        long oldest = Long.MAX_VALUE;
        for (Pending pending : waiting) {
            oldest = Math.min(oldest, pending.since());
        }
        int parked = collection.pending().all().size() - waiting.size();
        return new PendingSummary(waiting.size(), waiting.isEmpty() ? null : Instant.ofEpochMilli(oldest), parked);
    }
}
