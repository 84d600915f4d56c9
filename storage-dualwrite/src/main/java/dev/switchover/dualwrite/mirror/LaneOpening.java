package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.guard.Histories;
import dev.switchover.dualwrite.reconcile.LostTail;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The ledger's part of a mirror worker's life: it raises the term in both stores, waits for what earlier workers left in flight,
 * makes sure that neither store went back in time, and lets the stores note each other's position.
 */
final class LaneOpening {

    private final RecordStore primary;
    private final RecordStore mirror;
    private final MirrorPreparation preparation;
    private final Duration deadline;
    /** The highest version the sessions before have carried over; a store behind it went back, whatever its ledger says. */
    private final Map<CollectionSchema<?, ?>, Long> carried = new HashMap<>();

    private final Map<CollectionSchema<?, ?>, Long> forced = new HashMap<>();
    /** Primaries found behind what had been carried over: their counters catch up, so this stays said. */
    private final Set<CollectionSchema<?, ?>> goneBack = new HashSet<>();

    LaneOpening(RecordStore primary, RecordStore mirror, MirrorPreparation preparation, Duration deadline) {
        this.primary = primary;
        this.mirror = mirror;
        this.preparation = preparation;
        this.deadline = deadline;
    }

    /** Both entries; the mirror's is read first. */
    private record Entries(LedgerEntry primary, LedgerEntry mirror) {}

    /**
     * Opens a lane of its own term. If {@link Lane#mirroring} is syncing afterwards, everything has to be compared.
     *
     * @throws Refusal if the collection must not be mirrored
     */
    Lane open(CollectionSchema<?, ?> schema) {
        prepare(schema);
        Entries found = read(schema);
        boolean compare = mustCompare(schema, found);
        long term = 1 + Math.max(found.primary.term(), found.mirror.term());
        change(mirror, schema, found.mirror, found.mirror.withTerm(term), "mirror worker of term " + term);
        // So that the primary never gives a version again that the mirror knows already.
        LedgerEntry led = found.primary.withTerm(term).atLeast(found.mirror);
        if (compare) {
            led = led.with(Mirroring.SYNCING);
        }
        change(primary, schema, found.primary, led, "mirror worker of term " + term);
        carried.remove(schema); // what followed from these stands in the primary's entry from now on
        forced.remove(schema);
        mirror.ledger().quiesce(schema, deadline);
        primary.ledger().quiesce(schema, deadline);

        // What was in flight may have ended, and a store may have gone back, while we waited.
        Entries now = read(schema);
        requireTerm(now, term);
        if (mustCompare(schema, now) && now.primary.mirroring() != Mirroring.SYNCING) {
            change(primary, schema, now.primary, now.primary.with(Mirroring.SYNCING), "the mirror went back in time");
            primary.ledger().quiesce(schema, deadline);
            now = read(schema);
        }
        Lane lane = new Lane(schema, now.primary, now.mirror.seen().time());
        exchangeTokens(lane);
        return lane;
    }

    private void prepare(CollectionSchema<?, ?> schema) {
        try {
            preparation.prepare(schema);
        } catch (StartRefusedException e) {
            throw Refusal.forNow(String.valueOf(e.getMessage()));
        } catch (FencedException e) {
            requireAuthority(schema, entry(primary, schema));
            throw Refusal.forNow(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Notes in each store how far the other has come; each writes its token into its own history first. The mirror is told up to
     * when it is complete, which is what stale reads are dated by.
     */
    void exchangeTokens(Lane lane) {
        CollectionSchema<?, ?> schema = lane.schema();
        Position seen = primary.ledger().remember(schema).at(lane.completeAt());
        Position following = mirror.ledger().remember(schema);
        // Only now: what is noted takes the place of the only evidence that a store went back.
        if (!mayNote(lane)) {
            throw contended(schema);
        }
        lane.noted();
        mirror.ledger().noteSeen(schema, lane.fence(), seen);
        primary.ledger().noteSeen(schema, lane.fence(), following);
    }

    /**
     * Before a lane's first note the stores may not know each other: then everything is going to be compared, and only the primary
     * must have what the mirror noted.
     */
    private boolean mayNote(Lane lane) {
        if (lane.isNoted() || lane.mirroring() == Mirroring.ON) {
            return inStep(lane);
        }
        Entries now = read(lane.schema());
        mustCompare(lane.schema(), now);
        return now.primary.term() == lane.fence().term()
                && now.mirror.term() == lane.fence().term();
    }

    /**
     * Whether both stores still are where they were left, or further.
     *
     * @throws Refusal if the primary went back
     */
    boolean inStep(Lane lane) {
        CollectionSchema<?, ?> schema = lane.schema();
        Entries now = read(schema);
        lane.sawHighestId(now.primary.highestId());
        left(lane);
        return !lacksWhatWasForced(schema, now)
                && now.primary.term() == lane.fence().term()
                && now.mirror.term() == lane.fence().term()
                && historiesAreInStep(schema, now);
    }

    /** Everything has been compared, and what differs is pending. */
    void compared(Lane lane) {
        CollectionSchema<?, ?> schema = lane.schema();
        LedgerEntry entry = entry(primary, schema);
        boolean ours = entry.term() == lane.fence().term()
                && entry.epoch() == lane.fence().epoch();
        if (!ours || entry.mirroring() != Mirroring.SYNCING) {
            throw contended(schema);
        }
        change(primary, schema, entry, entry.with(Mirroring.ON), "everything was compared");
        lane.mirroring(Mirroring.ON);
    }

    private Entries read(CollectionSchema<?, ?> schema) {
        LedgerEntry mirrored = entry(mirror, schema);
        LedgerEntry leading = entry(primary, schema);
        requireRoles(schema, leading, mirrored);
        return new Entries(leading, mirrored);
    }

    private static LedgerEntry entry(RecordStore store, CollectionSchema<?, ?> schema) {
        return store.ledger()
                .read(schema)
                .orElseThrow(() -> Refusal.forNow(store.store().label() + " has no ledger entry for " + schema.name()
                        + "; restart to let it join"));
    }

    private void requireRoles(CollectionSchema<?, ?> schema, LedgerEntry leading, LedgerEntry mirrored) {
        String where = schema.name() + ": " + primary.store().label();
        if (mirrored.epoch() > leading.epoch() && mirrored.state() == State.ACTIVE) {
            throw Refusal.forGood(
                    where + " was switched over to " + mirror.store().label() + " in epoch " + mirrored.epoch()
                            + "; restart with the flags of the new phase");
        }
        requireAuthority(schema, leading);
        if (mirrored.state() != State.MIRROR || mirrored.epoch() != leading.epoch()) {
            throw Refusal.forNow(where + " leads in epoch " + leading.epoch() + ", but "
                    + mirror.store().label() + " is " + mirrored.state() + " in epoch " + mirrored.epoch()
                    + "; restart to let it join");
        }
        if (!mirrored.lineage().equals(leading.lineage())) {
            throw Refusal.forNow(
                    where + " and " + mirror.store().label() + " hold different data sets; connect the right ones");
        }
    }

    private void requireAuthority(CollectionSchema<?, ?> schema, LedgerEntry leading) {
        String where = schema.name() + ": " + primary.store().label();
        switch (leading.state()) {
            case ACTIVE -> {
                if (!leading.confirmed()) {
                    throw Refusal.forNow(where + " is not confirmed as the authority yet");
                }
            }
            case SEALED -> throw Refusal.forNow(where + " is sealed: a switchover is under way or was broken off");
            case HANDED_OVER, MIRROR, RECEIVING ->
                throw Refusal.forGood(where + " is no longer the authority; restart with the flags of the new phase");
        }
    }

    /** What the lane has carried over is kept in mind for the next session. */
    void left(Lane lane) {
        carried.merge(lane.schema(), lane.carried(), Math::max);
        forced.merge(lane.schema(), lane.forced(), Math::max);
    }

    private boolean mustCompare(CollectionSchema<?, ?> schema, Entries found) {
        boolean lacks = lacksWhatWasForced(schema, found);
        boolean inStep = historiesAreInStep(schema, found);
        return lacks || !inStep || found.primary.mirroring() != Mirroring.ON;
    }

    /** Whether the mirror does. What was carried over, and not forced, is pending still. */
    private boolean lacksWhatWasForced(CollectionSchema<?, ?> schema, Entries found) {
        if (found.primary.position().version() < carried.getOrDefault(schema, 0L)) {
            goneBack.add(schema);
        }
        if (goneBack.contains(schema)) {
            throw wentBack(schema);
        }
        return found.mirror.position().version() < forced.getOrDefault(schema, 0L);
    }

    private boolean historiesAreInStep(CollectionSchema<?, ?> schema, Entries found) {
        boolean primaryRemembers =
                primary.ledger().remembers(schema, found.mirror.seen().token());
        boolean mirrorRemembers =
                mirror.ledger().remembers(schema, found.primary.seen().token());
        return switch (Histories.judge(found.primary, found.mirror, primaryRemembers, mirrorRemembers)) {
            case IN_STEP -> true;
            case COMPARE -> {
                if (LostTail.isPossible(found.primary, found.mirror)
                        && new LostTail(primary, mirror, schema)
                                .find(found.primary, found.mirror)
                                .isPresent()) {
                    throw wentBack(schema);
                }
                yield false;
            }
            case PRIMARY_WENT_BACK -> throw wentBack(schema);
        };
    }

    private Refusal wentBack(CollectionSchema<?, ?> schema) {
        String from = primary.store().label();
        String to = mirror.store().label();
        return Refusal.forNow(from + " went back in time: " + to + " has " + schema.name() + " that " + from
                + " has lost, and is not written to until you decide. Stop, and start in the phase in which " + to
                + " leads to keep what it has, or force " + from);
    }

    private void requireTerm(Entries now, long term) {
        if (now.primary.term() != term || now.mirror.term() != term) {
            throw new StoreUnavailableException(
                    mirror.store(), "Another mirror worker has begun; this one looks again", null);
        }
    }

    private void change(
            RecordStore store, CollectionSchema<?, ?> schema, LedgerEntry from, LedgerEntry to, String reason) {
        if (!store.ledger().compareAndSet(schema, from, to, reason)) {
            throw contended(schema);
        }
    }

    private StoreUnavailableException contended(CollectionSchema<?, ?> schema) {
        return new StoreUnavailableException(
                mirror.store(),
                "The ledger of " + schema.name() + " was changed by somebody else; looking again",
                null);
    }
}
