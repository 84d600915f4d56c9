package dev.switchover.json.records;

import dev.switchover.json.journal.Change;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Alongside;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.Token;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One collection, as committed. The committer changes it through {@link #apply} alone; recovery also fills it by {@code restore}, and
 * notes what was lost. Guarded by the lock of {@link StoreState}, but for the ids issued.
 */
public final class CollectionState {

    private static final int HISTORY = 500;

    private final CollectionSchema<?, ?> schema;
    private Map<RecordId, RawRecord> byId = new HashMap<>();
    /** All but the envelope. */
    private final OrderedRecords ordered = new OrderedRecords();

    private final PendingIds pending = new PendingIds();
    private final Deque<String> history = new ArrayDeque<>();
    private final Set<String> tokens = new LinkedHashSet<>();
    private final AtomicLong issued = new AtomicLong();
    private volatile long reserved;
    private long version;
    private @Nullable LedgerEntry entry;
    private @Nullable Phase phase;
    private @Nullable String lastToken;
    private long lastWrite;
    private long lastChange;
    private long lastContentChange;
    private volatile RawRecord @Nullable [] inOrder;

    public CollectionState(CollectionSchema<?, ?> schema) {
        this.schema = schema;
    }

    public CollectionSchema<?, ?> schema() {
        return schema;
    }

    public @Nullable RawRecord find(RecordId id) {
        return byId.get(id);
    }

    /** Of everything, the envelope included. A view. */
    public Set<RecordId> ids() {
        return byId.keySet();
    }

    /** How many, without the envelope. */
    public int size() {
        return ordered.size();
    }

    public boolean isEmpty() {
        return byId.isEmpty();
    }

    /** All but the envelope, in order. Never changed once it was handed out. */
    public RawRecord[] inOrder() {
        RawRecord[] records = inOrder;
        if (records == null) {
            records = ordered.toArray();
            inOrder = records;
        }
        return records;
    }

    public PendingIds pending() {
        return pending;
    }

    public long version() {
        return version;
    }

    public @Nullable LedgerEntry entry() {
        return entry;
    }

    public @Nullable Phase phase() {
        return phase;
    }

    public Collection<String> history() {
        return history;
    }

    public Set<String> tokens() {
        return tokens;
    }

    /** The newest token, or "". */
    public String lastToken() {
        return lastToken == null ? "" : lastToken;
    }

    /** When a record was last written, in milliseconds since the epoch; 0 if never. */
    public long lastWrite() {
        return lastWrite;
    }

    /** The highest id issued or stored. Any thread. */
    public AtomicLong issued() {
        return issued;
    }

    /** Ids up to this one may be issued without asking the disk. Any thread. */
    public long reserved() {
        return reserved;
    }

    /** Sequence of the last frame that changed anything here. */
    public long lastChange() {
        return lastChange;
    }

    /** Sequence of the last frame that changed what is in the user's file. */
    public long lastContentChange() {
        return lastContentChange;
    }

    /** Makes the change. Making it again does no harm. */
    public void apply(long sequence, long millis, Change change) {
        lastChange = Math.max(lastChange, sequence);
        if (change instanceof Change.Put put) {
            store(new RawRecord(put.id(), put.version(), put.order(), put.body()));
            written(sequence, millis, put.version());
        } else if (change instanceof Change.Delete delete) {
            forget(delete.id());
            written(sequence, millis, delete.version());
        } else if (change instanceof Change.Mark mark) {
            version = Math.max(version, mark.version());
            pending.put(new Pending(mark.id(), mark.version(), mark.unit(), mark.since(), null));
        } else if (change instanceof Change.Unmark unmark) {
            Pending old = pending.get(unmark.id());
            if (old != null && old.version() == unmark.version()) {
                pending.remove(unmark.id());
            }
        } else if (change instanceof Change.Park park) {
            Pending old = pending.get(park.id());
            if (old != null && old.version() == park.version()) {
                pending.put(old.park(park.reason()));
            }
        } else if (change instanceof Change.Retry retry) {
            Pending old = pending.get(retry.id());
            if (old != null) {
                pending.put(old.retry());
            }
        } else {
            applyToLedger(change);
        }
    }

    private void applyToLedger(Change change) {
        if (change instanceof Change.Counters counters) {
            version = Math.max(version, counters.version());
            issued.accumulateAndGet(counters.highestId(), Math::max);
        } else if (change instanceof Change.Reserved ids) {
            reserved = Math.max(reserved, ids.highestId());
        } else if (change instanceof Change.Entry next) {
            entry = next.entry();
        } else if (change instanceof Change.Seen seen) {
            entry = entry == null ? null : entry.withSeen(seen.position());
        } else if (change instanceof Change.History line) {
            history.addLast(line.line());
            if (history.size() > HISTORY) {
                history.removeFirst();
            }
        } else if (change instanceof Change.Token token) {
            remember(token.token());
        } else if (change instanceof Change.Noted noted) {
            phase = noted.phase();
        } else {
            throw new AssertionError(change.getClass());
        }
    }

    private void remember(String token) {
        tokens.add(token);
        lastToken = token;
        if (tokens.size() > Token.KEPT) {
            tokens.remove(tokens.iterator().next());
        }
    }

    /** Forgets what tells the other store that this one is as it left it: that one compares everything then. */
    public void forgetTokens() {
        tokens.clear();
        lastToken = null;
        if (entry != null) {
            entry = entry.withSeen(Position.NONE);
        }
    }

    /** Ids reserved before a crash may have been issued. */
    public void skipReserved() {
        issued.accumulateAndGet(reserved, Math::max);
    }

    /** Adds a pending id read from a checkpoint. */
    public void restore(Pending mark) {
        pending.put(mark);
    }

    /** Notes what a checkpoint says of the last write. */
    public void restoreLastWrite(long millis) {
        lastWrite = millis;
    }

    /** Adds records read from a file, in order; many of them on two threads. */
    public void restore(List<RawRecord> records) {
        if (!Halves.areWorthIt(records.size()) || !byId.isEmpty()) {
            records.forEach(this::store);
            return;
        }
        Alongside<Integer> ordering = Alongside.begin("switchover-json-order", () -> order(records));
        Map<RecordId, RawRecord> found = new HashMap<>(records.size() * 4 / 3 + 1);
        records.forEach(record -> found.put(record.id(), record));
        ordering.result();
        if (found.size() == records.size()) {
            byId = found;
        } else {
            ordered.clear(); // an id is there twice, so one after the other
            records.forEach(this::store);
        }
    }

    /**
     * The same where nothing is there yet.
     *
     * @param sameById kept
     * @throws IllegalStateException if something is, or an id is there twice
     */
    public void restore(List<RawRecord> records, Map<RecordId, RawRecord> sameById) {
        if (!byId.isEmpty() || sameById.size() != records.size()) {
            throw new IllegalStateException("Records are there already, or an id is there twice");
        }
        order(records);
        byId = sameById;
    }

    private int order(List<RawRecord> records) {
        ordered.addAll(
                records.stream().filter(record -> !record.id().isEnvelope()).toList());
        long highest = 0;
        for (RawRecord record : records) {
            highest = Math.max(highest, schema.number(record.id()));
        }
        issued.accumulateAndGet(highest, Math::max);
        inOrder = null;
        return ordered.size();
    }

    private void store(RawRecord record) {
        RawRecord old = byId.put(record.id(), record);
        if (!record.id().isEnvelope()) {
            ordered.put(record, old);
            issued.accumulateAndGet(schema.number(record.id()), Math::max);
            inOrder = null;
        }
    }

    private void forget(RecordId id) {
        RawRecord old = byId.remove(id);
        if (old != null && !id.isEnvelope()) {
            ordered.remove(old);
            inOrder = null;
        }
    }

    private void written(long sequence, long millis, long newVersion) {
        version = Math.max(version, newVersion);
        lastContentChange = Math.max(lastContentChange, sequence);
        lastWrite = Math.max(lastWrite, millis);
    }
}
