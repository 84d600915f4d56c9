package dev.switchover.dualwrite.testing;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything a disk holds of one collection. Guarded by the disk's lock. */
final class CollectionState {

    /** A pending or parked id. */
    record Mark(PendingMark mark, long sequence, @Nullable String parked) {

        Mark ofUnit(long unit) {
            return new Mark(
                    new PendingMark(mark.schema(), mark.id(), mark.version(), unit, mark.since()), sequence, parked);
        }
    }

    final String name;
    final TreeMap<RecordId, RawRecord> records;
    final Map<RecordId, Mark> marks;
    final Set<String> tokens;
    final List<String> history;

    long counter;
    long highestId;
    /** The number of the last apply: one that was given up for lost, and arrives after a later one, is let through no more. */
    long lastApply;

    String lastToken = "";

    @Nullable
    LedgerEntry entry;

    @Nullable
    Phase phase;

    Instant leaseUntil = Instant.EPOCH;

    CollectionState(String name, Comparator<RecordId> order) {
        this.name = name;
        this.records = new TreeMap<>(order);
        this.marks = new HashMap<>();
        this.tokens = new LinkedHashSet<>();
        this.history = new ArrayList<>();
    }

    CollectionState(CollectionState other) {
        this.name = other.name;
        this.records = new TreeMap<>(other.records);
        this.marks = new HashMap<>(other.marks);
        this.tokens = new LinkedHashSet<>(other.tokens);
        this.history = new ArrayList<>(other.history);
        this.counter = other.counter;
        this.highestId = other.highestId;
        this.lastApply = other.lastApply;
        this.lastToken = other.lastToken;
        this.entry = other.entry;
        this.phase = other.phase;
        this.leaseUntil = other.leaseUntil;
    }

    Position position(String timeline, Instant now) {
        return new Position(timeline, counter, lastToken, now);
    }

    /** The entry, if this worker may change what belongs to the authority. */
    LedgerEntry authority(Fence fence) {
        LedgerEntry present = entry;
        if (present == null
                || present.state() != State.ACTIVE
                || present.epoch() != fence.epoch()
                || present.term() != fence.term()) {
            throw fenced(fence + " is no worker of the authority's entry " + present);
        }
        return present;
    }

    /** The entry, if this worker may apply. */
    LedgerEntry receiver(Fence fence) {
        LedgerEntry present = entry;
        if (present == null
                || (present.state() != State.MIRROR && present.state() != State.RECEIVING)
                || present.epoch() != fence.epoch()
                || present.term() != fence.term()) {
            throw fenced(fence + " may not apply to " + present);
        }
        return present;
    }

    /** The mirror has everything up to here for good. */
    void mirrorReached(long version) {
        LedgerEntry present = entry;
        if (present != null && !present.seen().isNone()) {
            entry = present.withSeen(present.seen().atLeast(version));
        }
    }

    void requireApplied(long apply) {
        if (lastApply < apply) {
            throw fenced("lacks apply " + apply);
        }
    }

    void requireInTurn(long apply) {
        if (apply < lastApply) {
            throw fenced("apply " + apply + " comes after apply " + lastApply);
        }
    }

    FencedException fenced(String message) {
        return new FencedException(name, message);
    }

    void store(CollectionSchema<?, ?> schema, RecordId id, @Nullable RawRecord record) {
        if (record == null) {
            records.remove(id);
        } else {
            records.put(id, record);
        }
        if (!id.isEnvelope()) {
            highestId = Math.max(highestId, schema.number(id));
        }
    }
}
