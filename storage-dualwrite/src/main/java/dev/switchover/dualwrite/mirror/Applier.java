package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.RecordStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Applies changes to the mirror, parks what it refuses, and acknowledges what was applied once that is durable there. Used by the
 * worker, and by writers in its place.
 *
 * <p>A unit of work is applied as one step. If the mirror refuses one of its records and names it, the others are still one
 * step; if it does not say which, they are not.
 */
final class Applier {

    /** Beyond it a refused record is looked for in halves: each would have all others applied once more. */
    private static final int NAMED_ONE_BY_ONE = 1_000;

    /** Acknowledging takes a connection and a force, for about a tenth of the time where the way to the primary is long. */
    private static final int REST = 10;

    private record Key(CollectionSchema<?, ?> schema, RecordId id) {}

    private final RecordStore primary;
    private final RecordStore mirror;
    private final Map<CollectionSchema<?, ?>, Lane> lanes;
    private final MirrorLog log;
    private final Pace pace;
    private final Acknowledger acknowledger;
    private final List<PendingMark> unacknowledged = new ArrayList<>();
    private long oldestUnacknowledged;
    private volatile long lastAcknowledging;

    Applier(
            RecordStore primary,
            RecordStore mirror,
            Map<CollectionSchema<?, ?>, Lane> lanes,
            MirrorLog log,
            Pace pace,
            Acknowledger acknowledger) {
        this.primary = primary;
        this.mirror = mirror;
        this.lanes = lanes;
        this.log = log;
        this.pace = pace;
        this.acknowledger = acknowledger;
    }

    /**
     * Applies all units in as few steps as it can.
     *
     * @param handed whether the changes were handed over, so that some may be older than what the mirror has
     * @return what was applied
     */
    List<MirrorChange> apply(List<List<MirrorChange>> units, boolean handed) {
        List<MirrorChange> applied = new ArrayList<>();
        apply(units, handed, applied);
        return applied;
    }

    private void apply(List<List<MirrorChange>> units, boolean handed, List<MirrorChange> applied) {
        List<MirrorChange> changes = latest(units, handed);
        if (changes.isEmpty()) {
            return;
        }
        try {
            if (areWhole(units, changes)) {
                mirror.mirrorTarget().applyApart(fences(changes), units, highestIds(changes));
            } else {
                mirror.mirrorTarget().apply(fences(changes), changes, highestIds(changes));
            }
            applied(changes);
        } catch (RecordRefusedException e) {
            split(units, changes, handed, applied, e);
            return;
        }
        applied.addAll(changes);
    }

    /** Whether there are several, and nothing of them was left out. */
    private static boolean areWhole(List<List<MirrorChange>> units, List<MirrorChange> changes) {
        return units.size() > 1 && units.stream().mapToInt(List::size).sum() == changes.size();
    }

    private void applied(List<MirrorChange> changes) {
        for (MirrorChange change : changes) {
            Lane lane = lane(change);
            lane.applied().applied(change.id(), change.version());
            lane.carried(change.version());
            acknowledgeLater(change);
        }
    }

    /**
     * Applies units that were handed over, all in one step.
     *
     * @return what was applied, or null if {@link #apply} has to do it: with more time, or to park what the mirror refuses
     */
    @Nullable
    List<MirrorChange> applyBy(BoundedApply bounded, List<List<MirrorChange>> units) {
        List<MirrorChange> changes = latest(units, true);
        if (changes.isEmpty()) {
            return changes;
        }
        try {
            if (!bounded.apply(fences(changes), changes, highestIds(changes))) {
                return null;
            }
        } catch (RecordRefusedException e) {
            return null;
        }
        applied(changes);
        return changes;
    }

    /** Each id once, in its highest version. */
    private List<MirrorChange> latest(List<List<MirrorChange>> units, boolean handed) {
        Map<Key, MirrorChange> latest = new LinkedHashMap<>();
        for (List<MirrorChange> unit : units) {
            for (MirrorChange change : unit) {
                if (handed && !lane(change).applied().isNewer(change.id(), change.version())) {
                    continue;
                }
                latest.merge(
                        new Key(change.schema(), change.id()),
                        change,
                        (one, other) -> one.version() >= other.version() ? one : other);
            }
        }
        return List.copyOf(latest.values());
    }

    private void split(
            List<List<MirrorChange>> units,
            List<MirrorChange> changes,
            boolean handed,
            List<MirrorChange> applied,
            RecordRefusedException refused) {
        if (changes.size() == 1) {
            park(changes.get(0), refused.reason());
            return;
        }
        MirrorChange named = named(changes, refused);
        if (named != null && (units.size() == 1 || changes.size() <= NAMED_ONE_BY_ONE)) {
            park(named, refused.reason());
            List<List<MirrorChange>> rest = new ArrayList<>();
            for (List<MirrorChange> unit : units) {
                rest.add(unit.stream().filter(change -> !isOf(change, named)).toList());
            }
            apply(rest, handed, applied);
            return;
        }
        List<List<MirrorChange>> parts =
                units.size() > 1 ? units : changes.stream().map(List::of).toList();
        int middle = parts.size() / 2;
        apply(parts.subList(0, middle), handed, applied);
        apply(parts.subList(middle, parts.size()), handed, applied);
    }

    /** The later of two states of one id is the refused one; an earlier one must not be applied in its place. */
    private static boolean isOf(MirrorChange change, MirrorChange named) {
        return change.schema() == named.schema() && change.id().equals(named.id());
    }

    private static @Nullable MirrorChange named(List<MirrorChange> changes, RecordRefusedException refused) {
        String id = refused.id();
        if (id == null) {
            return null;
        }
        for (MirrorChange change : changes) {
            if (change.schema().name().equals(refused.collection())
                    && change.id().text().equals(id)) {
                return change;
            }
        }
        return null;
    }

    private void park(MirrorChange change, String reason) {
        primary.pending().park(lane(change).fence(), mark(change), reason);
        log.parked(change.schema(), change.id(), reason);
    }

    private void acknowledgeLater(MirrorChange change) {
        if (unacknowledged.isEmpty()) {
            oldestUnacknowledged = pace.nanoTime();
        }
        unacknowledged.add(mark(change));
    }

    int unacknowledged() {
        return unacknowledged.size();
    }

    /**
     * How many nanoseconds longer it is better to wait for more; none or fewer once it is time, and without end if there is nothing,
     * or if the last one has not ended.
     *
     * @param delay how long at least something waits
     */
    long untilAcknowledging(Duration delay) {
        return unacknowledged.isEmpty() || acknowledger.isBusy()
                ? Long.MAX_VALUE
                : Math.max(delay.toNanos(), REST * lastAcknowledging) - (pace.nanoTime() - oldestUnacknowledged);
    }

    /** Makes what was applied durable in the mirror, then takes it out of the pending set. */
    void acknowledge() {
        acknowledger.await();
        if (!unacknowledged.isEmpty()) {
            acknowledging().run();
        }
    }

    /** The same beside the worker, of what was applied so far; nothing while the last one has not ended. */
    void acknowledgeBeside() {
        acknowledger.rethrow();
        if (!unacknowledged.isEmpty() && !acknowledger.isBusy()) {
            acknowledger.begin(acknowledging());
        }
    }

    private Runnable acknowledging() {
        Map<CollectionSchema<?, ?>, Fence> fences = new HashMap<>();
        for (PendingMark mark : unacknowledged) {
            fences.computeIfAbsent(mark.schema(), schema -> lane(schema).fence());
        }
        List<PendingMark> marks = List.copyOf(unacknowledged);
        unacknowledged.clear();
        return () -> {
            long begin = pace.nanoTime();
            mirror.mirrorTarget().force(fences);
            marks.forEach(mark -> lane(mark.schema()).forced(mark.version()));
            primary.pending().acknowledge(fences, marks);
            lastAcknowledging = pace.nanoTime() - begin;
        };
    }

    /** Only the version counts when it is acknowledged or parked. */
    private static PendingMark mark(MirrorChange change) {
        return new PendingMark(change.schema(), change.id(), change.version(), 0, Instant.EPOCH);
    }

    private Map<CollectionSchema<?, ?>, Fence> fences(Collection<MirrorChange> changes) {
        Map<CollectionSchema<?, ?>, Fence> fences = new HashMap<>();
        for (MirrorChange change : changes) {
            fences.computeIfAbsent(change.schema(), schema -> lane(schema).fence());
        }
        return fences;
    }

    private Map<CollectionSchema<?, ?>, Long> highestIds(Collection<MirrorChange> changes) {
        Map<CollectionSchema<?, ?>, Long> highest = new HashMap<>();
        for (MirrorChange change : changes) {
            Lane lane = lane(change);
            lane.sawId(change.id());
            highest.put(change.schema(), lane.highestId());
        }
        return highest;
    }

    private Lane lane(MirrorChange change) {
        return lane(change.schema());
    }

    private Lane lane(CollectionSchema<?, ?> schema) {
        Lane lane = lanes.get(schema);
        if (lane == null) {
            throw new IllegalStateException("no session for " + schema.name());
        }
        return lane;
    }
}
