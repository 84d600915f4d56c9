package dev.switchover.dualwrite.reconcile;

import dev.switchover.dualwrite.guard.Histories;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordStore;
import java.util.List;
import java.util.Optional;

/**
 * Finds out whether a primary on a new timeline lost the end of its log, as in a failover to a standby that was behind. Its version
 * counter may have jumped over the gap, and the last token noted may be older than the gap; but the mirror shows what came from it.
 * Reads both stores as a whole. Used by one thread.
 */
public final class LostTail {

    private final StoreView primary;
    private final StoreView mirror;
    private final CollectionSchema<?, ?> schema;

    public LostTail(RecordStore primary, RecordStore mirror, CollectionSchema<?, ?> schema) {
        this(StoreView.of(primary), StoreView.of(mirror), schema);
    }

    public LostTail(StoreView primary, StoreView mirror, CollectionSchema<?, ?> schema) {
        this.primary = primary;
        this.mirror = mirror;
        this.schema = schema;
    }

    /** Whether there is anything to look for: the timeline is not the one the mirror noted, and nothing differs but what is pending. */
    public static boolean isPossible(LedgerEntry primary, LedgerEntry mirror) {
        return primary.mirroring() == Mirroring.ON && Histories.onNewTimeline(primary.position(), mirror.seen());
    }

    /** A record of which the primary lost the last write or the deletion, by these entries. */
    public Optional<RecordId> find(LedgerEntry leading, LedgerEntry following) {
        Optional<RecordId> written = lostWrite(following.seen().version());
        if (written.isPresent()
                || following.position().version() <= leading.seen().version()) {
            return written;
        }
        // The mirror has applied what the primary never acknowledged, by the entry it is left with.
        return lostDeletion(following.position().version());
    }

    /**
     * A record that the mirror got from the primary after it noted the primary's position, and of which the primary has neither this
     * nor a later state, nor a mark that says that it changed.
     */
    private Optional<RecordId> lostWrite(long noted) {
        try (RecordCursor records = mirror.scan(schema)) {
            while (records.hasNext()) {
                RawRecord record = records.next();
                if (record.version() > noted && isLost(record)) {
                    return Optional.of(record.id());
                }
            }
        }
        return Optional.empty();
    }

    private boolean isLost(RawRecord record) {
        Optional<RawRecord> there = primary.find(schema, record.id());
        if (there.isPresent() && there.get().version() >= record.version()) {
            return false;
        }
        // A deletion may have been carried over meanwhile, and its mark removed.
        return !isPending(record) && isIn(mirror, record);
    }

    /**
     * A record that the primary has, that no mark says to be on its way, and that the mirror lacks although it has come further: it
     * has taken over a deletion that the primary knows no more of.
     *
     * @param applied how far the mirror has come
     */
    private Optional<RecordId> lostDeletion(long applied) {
        try (RecordCursor records = primary.scan(schema)) {
            while (records.hasNext()) {
                RawRecord record = records.next();
                // Looked at before its mark and after it: it may be carried over meanwhile, and its mark removed.
                if (record.version() <= applied
                        && mirror.find(schema, record.id()).isEmpty()
                        && !isPending(record)
                        && isIn(primary, record)
                        && mirror.find(schema, record.id()).isEmpty()) {
                    return Optional.of(record.id());
                }
            }
        }
        return Optional.empty();
    }

    private boolean isPending(RawRecord record) {
        return !primary.among(schema, List.of(record.id())).isEmpty();
    }

    private boolean isIn(StoreView store, RawRecord record) {
        return store.find(schema, record.id())
                .filter(now -> now.version() == record.version())
                .isPresent();
    }
}
