package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what is pending without taking it. What writers of this process handed over is in the mirror and waits for its
 * acknowledgement only; what has just been written is about to be handed over. So there is something to take only if a record is
 * not known to be in the mirror twice in a row. Taking holds writers up for several round trips, looking holds up nobody. Used by
 * the worker only.
 */
final class PendingLook {

    /** More marks than a second of acknowledgements leaves. */
    private static final int AT_MOST = 2_000;

    private record Key(CollectionSchema<?, ?> schema, RecordId id) {}

    private final PendingSet pending;
    private final Map<CollectionSchema<?, ?>, Lane> lanes;
    private final Clock clock;
    private Set<Key> unknown = Set.of();
    /** Null before the first, which tells of everything at once: nobody handed over before. */
    private @Nullable Instant lastLook;

    PendingLook(PendingSet pending, Map<CollectionSchema<?, ?>, Lane> lanes, Clock clock) {
        this.pending = pending;
        this.lanes = lanes;
        this.clock = clock;
    }

    /** Whether all that was pending at the last look but one has been carried over, as far as a look can tell. */
    boolean findsNothing(Executor beside) {
        if (lanes.isEmpty() || lanes.values().stream().anyMatch(lane -> lane.mirroring() != Mirroring.ON)) {
            return false;
        }
        Instant now = clock.instant();
        List<PendingMark> marks = new ArrayList<>();
        beside.execute(() -> lanes.keySet().forEach(schema -> marks.addAll(pending.marks(schema, AT_MOST))));
        Set<Key> before = unknown;
        Instant complete = lastLook;
        lastLook = now;
        unknown = new HashSet<>();
        boolean found = marks.size() >= AT_MOST;
        for (PendingMark mark : marks) {
            Lane lane = lanes.get(mark.schema());
            if (lane != null && !lane.applied().has(mark.id(), mark.version())) {
                Key key = new Key(mark.schema(), mark.id());
                unknown.add(key);
                found |= complete == null || before.contains(key);
            }
        }
        if (!found && complete != null) {
            lanes.values().forEach(lane -> lane.drainedAt(complete));
        }
        return !found;
    }

    /** How many nanoseconds later to look again: sooner if this one left something that the next one will tell of. */
    long untilNext(Duration usual) {
        return unknown.isEmpty() ? usual.toNanos() : usual.toNanos() / 2;
    }
}
