package dev.switchover.json;

import dev.switchover.json.records.CollectionState;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import java.time.Instant;

/** Of which moment a collection's records are. */
final class CopyTime {

    private CopyTime() {}

    static Instant of(CollectionState collection) {
        LedgerEntry entry = collection.entry();
        if (entry != null && entry.state() != State.ACTIVE && !entry.seen().isNone()) {
            return entry.seen().time();
        }
        return Instant.ofEpochMilli(collection.lastWrite());
    }
}
