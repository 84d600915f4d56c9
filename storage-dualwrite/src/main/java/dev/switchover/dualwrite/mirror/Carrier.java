package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.PendingBatch;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingRecord;
import dev.switchover.storage.spi.PendingSet;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns what was handed over, and what is pending, into units the {@link Applier} takes. Used by the worker, and by writers in its
 * place.
 */
final class Carrier {

    /** More than writers can have handed over. */
    private static final int BATCHES_AT_ONCE = 100;

    /** After so many batches that were full and taken over whole, the next are larger. */
    private static final int FULL_IN_A_ROW = 8;

    private static final int TIMES_WHEN_BEHIND = 20;
    /** Units of work that share records are about as large as this. */
    private static final int MOST_RECORDS = PendingSet.JOINED_AT_MOST;

    /** A record a failure is about, to be named in the log. */
    record Concerned(CollectionSchema<?, ?> schema, RecordId id) {}

    private final RecordStore primary;
    private final Applier applier;
    private final Map<CollectionSchema<?, ?>, Lane> lanes;
    private final MirrorSettings settings;
    private final MirrorLog log;
    private @Nullable Concerned concerned;
    private int fullInARow;

    Carrier(
            RecordStore primary,
            Applier applier,
            Map<CollectionSchema<?, ?>, Lane> lanes,
            MirrorSettings settings,
            MirrorLog log) {
        this.primary = primary;
        this.applier = applier;
        this.lanes = lanes;
        this.settings = settings;
        this.log = log;
    }

    /** The first record of what is, or was last, being carried; null if nothing is. */
    @Nullable
    Concerned concerned() {
        return concerned;
    }

    /**
     * Carries over what writers handed over, and lets them go, also if it fails.
     *
     * @param inStep see {@link #carryPending}
     */
    void carry(List<Ticket> tickets, Consumer<CollectionSchema<?, ?>> inStep) {
        try {
            if (!new HandedOver(tickets, lanes).isWhole()) {
                applier.acknowledge();
                for (int i = 0; i < BATCHES_AT_ONCE && !carryPending(inStep); i++) {}
                return;
            }
            Map<MirrorChange, Written.Effect> effects = new LinkedHashMap<>();
            List<List<MirrorChange>> units = units(tickets, effects);
            if (effects.isEmpty()) {
                return;
            }
            concerned = concerned(effects.keySet().iterator().next());
            List<MirrorChange> applied = applier.apply(units, true);
            say(applied, effects, tickets.size());
            concerned = null;
        } finally {
            tickets.forEach(Ticket::finish);
        }
    }

    /**
     * Carries over in one step what is handed over, and lets its writers go, also if it fails.
     *
     * @return false if that takes more than one step or more time; nothing was done
     */
    boolean carryBy(BoundedApply bounded, List<Ticket> tickets) {
        if (!new HandedOver(tickets, lanes).isWhole()) {
            return false;
        }
        boolean refused = false;
        try {
            Map<MirrorChange, Written.Effect> effects = new LinkedHashMap<>();
            List<List<MirrorChange>> units = units(tickets, effects);
            if (!effects.isEmpty()) {
                concerned = concerned(effects.keySet().iterator().next());
                List<MirrorChange> applied = applier.applyBy(bounded, units);
                refused = applied == null;
                if (applied != null) {
                    say(applied, effects, tickets.size());
                }
                concerned = null;
            }
            return !refused;
        } finally {
            if (!refused) {
                tickets.forEach(Ticket::finish);
            }
        }
    }

    private List<List<MirrorChange>> units(List<Ticket> tickets, Map<MirrorChange, Written.Effect> effects) {
        List<List<MirrorChange>> units = new ArrayList<>(tickets.size());
        for (Ticket ticket : tickets) {
            List<MirrorChange> unit = new ArrayList<>(ticket.written().size());
            for (Written written : ticket.written()) {
                // A collection without a lane is not mirrored now; its marks stay.
                if (written.pending() && lanes.containsKey(written.schema())) {
                    MirrorChange change =
                            new MirrorChange(written.schema(), written.id(), written.version(), written.record());
                    unit.add(change);
                    effects.put(change, written.effect());
                }
            }
            units.add(unit);
        }
        return units;
    }

    /**
     * Carries over one batch of what is pending.
     *
     * @param inStep asked about each collection of the batch after it was read and before it is applied: what a primary that
     *     went back in time says of its records is older than what the mirror has
     * @return whether that was all
     */
    boolean carryPending(Consumer<CollectionSchema<?, ?>> inStep) {
        return carryPending(inStep, 1);
    }

    /**
     * The same while nobody waits: batches are larger once there has been more than they hold for a while, for what a step costs
     * whatever its size is then most of the work.
     */
    boolean carryMany(Consumer<CollectionSchema<?, ?>> inStep) {
        return carryPending(inStep, fullInARow < FULL_IN_A_ROW ? 1 : TIMES_WHEN_BEHIND);
    }

    private boolean carryPending(Consumer<CollectionSchema<?, ?>> inStep, int times) {
        if (lanes.isEmpty()) {
            return true;
        }
        PendingBatch batch = primary.pending()
                .take(
                        lanes.keySet(),
                        Math.min(times * settings.batchRecords(), MOST_RECORDS),
                        settings.batchBytes() * Math.min(times, 2));
        List<PendingRecord> taken = batch.records();
        if (taken.isEmpty()) {
            return true;
        }
        Map<Object, List<MirrorChange>> units = new LinkedHashMap<>();
        for (PendingRecord pending : taken) {
            PendingMark mark = pending.mark();
            RawRecord present = pending.present();
            Object unit = mark.unit() == 0 ? mark : (Object) mark.unit();
            units.computeIfAbsent(unit, key -> new ArrayList<>())
                    .add(new MirrorChange(mark.schema(), mark.id(), mark.version(), present));
        }
        taken.stream().map(pending -> pending.mark().schema()).distinct().forEach(inStep);
        PendingMark first = taken.get(0).mark();
        concerned = new Concerned(first.schema(), first.id());
        List<MirrorChange> applied = applier.apply(List.copyOf(units.values()), false);
        say(applied, Map.of(), 1);
        concerned = null;
        if (applied.size() < taken.size()) {
            fullInARow = 0; // what is refused is looked for in ever smaller parts
        } else if (taken.size() >= settings.batchRecords()) {
            fullInARow++;
        }
        return !batch.more();
    }

    private void say(List<MirrorChange> applied, Map<MirrorChange, Written.Effect> effects, int writes) {
        if (applied.size() > MirrorLog.SINGLE_LINES * writes) {
            log.appliedMany(applied.size());
            return;
        }
        for (MirrorChange change : applied) {
            Written.Effect effect = effects.get(change);
            log.applied(change.schema(), change.id(), effect == null ? MirrorLog.effect(change) : effect);
        }
    }

    private static Concerned concerned(MirrorChange change) {
        return new Concerned(change.schema(), change.id());
    }
}
