package dev.switchover.dualwrite.reconcile;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordStore;
import java.util.List;
import java.util.Optional;

/**
 * Finds out whether a primary on a new timeline lost the end of its log, as in a failover to a standby that was behind. Its version
 * counter may have jumped over the gap, and the last token noted may be older than the gap; but the mirror has records from it.
 */
public final class LostTail {

    private LostTail() {}

    /** Whether there is anything to look for: the timeline is not the one the mirror noted, and nothing differs but what is pending. */
    public static boolean isPossible(LedgerEntry primary, LedgerEntry mirror) {
        Position noted = mirror.seen();
        return primary.mirroring() == Mirroring.ON
                && !noted.isNone()
                && !noted.timeline().equals(primary.position().timeline());
    }

    /**
     * A record that the mirror got from the primary after it noted the primary's position, and of which the primary has neither this
     * nor a later state, nor a mark that says that it changed. Reads the whole mirror.
     *
     * @param noted the version counter in that note
     */
    public static Optional<RecordId> find(
            RecordStore primary, RecordStore mirror, CollectionSchema<?, ?> schema, long noted) {
        try (RecordCursor records = mirror.scan(schema)) {
            while (records.hasNext()) {
                RawRecord record = records.next();
                if (record.version() > noted && isLost(primary, mirror, schema, record)) {
                    return Optional.of(record.id());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isLost(
            RecordStore primary, RecordStore mirror, CollectionSchema<?, ?> schema, RawRecord record) {
        Optional<RawRecord> there = primary.find(schema, record.id());
        if (there.isPresent() && there.get().version() >= record.version()) {
            return false;
        }
        if (!primary.pending().among(schema, List.of(record.id())).isEmpty()) {
            return false;
        }
        // A deletion may have been carried over meanwhile, and its mark removed.
        return mirror.find(schema, record.id())
                .filter(now -> now.version() == record.version())
                .isPresent();
    }
}
