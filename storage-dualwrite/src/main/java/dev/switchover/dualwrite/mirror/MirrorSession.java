package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.RecordStore;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From the raising of the terms to the first failure: carries over what writers hand over and what polling finds, compares what
 * has to be compared, and keeps leases and positions fresh. Used by the worker only. Close it.
 */
final class MirrorSession implements AutoCloseable {

    private final RecordStore primary;
    private final RecordStore mirror;
    private final LaneOpening opening;
    private final MirrorSettings settings;
    private final MirrorWorker.Shared shared;
    private final WrittenQueue queue;
    private final MirrorHealth health;
    private final Roster roster;
    private final Pace pace;
    private final Map<CollectionSchema<?, ?>, Lane> lanes = new LinkedHashMap<>();
    private final Acknowledger acknowledger;
    private final Applier applier;
    private final Carrier carrier;
    private final PendingLook look;
    private final SteppedComparison comparison;
    private final WritersTurn turn;

    private long nextPoll;
    private long nextNote;
    private long nextLease;
    private boolean announced;

    MirrorSession(
            RecordStore primary,
            RecordStore mirror,
            LaneOpening opening,
            MirrorSettings settings,
            MirrorWorker.Shared shared) {
        this.primary = primary;
        this.mirror = mirror;
        this.opening = opening;
        this.settings = settings;
        this.shared = shared;
        this.queue = shared.queue();
        this.health = shared.health();
        this.roster = shared.roster();
        this.pace = shared.pace();
        this.acknowledger = new Acknowledger(primary.store(), pace, queue::wake);
        this.applier = new Applier(primary, mirror, lanes, shared.log(), pace, acknowledger);
        this.look = new PendingLook(primary.pending(), lanes, shared.clock());
        this.carrier = new Carrier(primary, applier, lanes, settings, shared.log());
        this.comparison = new SteppedComparison(primary, mirror, settings.manyDiffer(), opening, roster, shared.log());
        this.turn = WritersTurn.of(mirror.mirrorTarget(), carrier, applier, queue, settings);
    }

    /** What the last failure was about, if about a record. */
    Carrier.@Nullable Concerned concerned() {
        return carrier.concerned();
    }

    /** Opens a lane for each collection that may be mirrored. */
    void open() {
        roster.retry();
        openLanes();
        health.sessionBegan();
        long now = pace.nanoTime();
        nextPoll = now;
        nextLease = now;
        nextNote = now + settings.noteInterval().toNanos();
    }

    private void openLanes() {
        for (CollectionSchema<?, ?> schema : roster.unopened(lanes.keySet())) {
            try {
                Lane lane = opening.open(schema);
                lanes.put(schema, lane);
                roster.opened(lane);
                if (lane.mirroring() == Mirroring.SYNCING) {
                    health.fellBehind();
                }
                nextLease = pace.nanoTime();
            } catch (Refusal e) {
                roster.refused(schema, e);
            }
        }
    }

    /** Works until closing has been asked for and everything is drained, or no collection is left. */
    void run() {
        while (!roster.isEmpty()) {
            // What is polled afterwards was written before it was requested.
            boolean last = shared.closing().isRequested();
            boolean live = (health.writersWait() || lanes.isEmpty()) && !last;
            List<Ticket> tickets = queue.take(live ? pause() : 0, settings.batchRecords(), settings.batchBytes());
            try {
                throwFailuresOfOthers();
            } catch (RuntimeException e) {
                tickets.forEach(Ticket::finish); // the mirror does not work, and nobody is to wait for that
                throw e;
            }
            carrier.carry(tickets, this::requireInStep);
            turn.makeReady();
            if (applier.unacknowledged() >= settings.batchRecords()
                    || applier.untilAcknowledging(settings.acknowledgeDelay()) <= 0) {
                applier.acknowledgeBeside();
            }
            keepHouse();
            long request = shared.barrier().requested();
            boolean missed = queue.takeMissed();
            boolean asked = !live || missed || shared.barrier().isAwaited();
            if (asked || pace.nanoTime() - nextPoll >= 0) {
                if ((asked || !isAllHandedOver()) && pollAndCompare()) {
                    drained(request);
                    if (last) {
                        break;
                    }
                }
            }
            if (shared.closing().isOverdue()) {
                break;
            }
        }
        finish();
    }

    /**
     * Compares and carries over until nothing is left, or for this long once everything has been compared.
     *
     * @return whether nothing was left
     */
    boolean catchUp(Duration atMost) {
        boolean all = false;
        long compared = pace.nanoTime();
        while (!all && pace.nanoTime() - compared < atMost.toNanos()) {
            keepHouse();
            all = pollAndCompare();
            if (lanes.values().stream().anyMatch(lane -> lane.mirroring() == Mirroring.SYNCING)) {
                compared = pace.nanoTime();
            }
        }
        finish();
        return all;
    }

    /** How long the worker may sleep for lack of work. */
    private long pause() {
        long next = Math.min(nextPoll, Math.min(nextNote, nextLease)) - pace.nanoTime();
        return Math.max(0, Math.min(next, applier.untilAcknowledging(settings.acknowledgeDelay())));
    }

    private void acknowledge() {
        applier.acknowledge();
        health.progressed();
    }

    private void throwFailuresOfOthers() {
        acknowledger.rethrow();
        turn.rethrow();
    }

    /** @return whether everything that was pending has been carried over, and nothing is left to compare */
    private boolean pollAndCompare() {
        acknowledge();
        Instant looked = shared.clock().instant();
        boolean all = health.writersWait()
                ? carrier.carryPending(this::requireInStep)
                : carrier.carryMany(this::requireInStep);
        acknowledge();
        nextPoll = pace.nanoTime() + settings.pollInterval().toNanos();
        if (!all) {
            health.fellBehind();
            nextPoll = pace.nanoTime();
            return false;
        }
        lanes.values().forEach(lane -> lane.drainedAt(looked));
        return compare();
    }

    private boolean isAllHandedOver() {
        boolean nothing = look.findsNothing(queue::beside);
        throwFailuresOfOthers();
        nextPoll = pace.nanoTime() + look.untilNext(settings.pollInterval());
        return nothing;
    }

    /** @return whether there is nothing left to compare */
    private boolean compare() {
        for (Lane lane : lanes.values()) {
            if (lane.mirroring() == Mirroring.SYNCING) {
                comparison.step(lane, () -> requireInStep(lane.schema()));
                nextPoll = pace.nanoTime();
                return false;
            }
        }
        return true;
    }

    private void drained(long request) {
        if (!health.writersWait() && !shared.closing().isRequested() && !lanes.isEmpty()) {
            becomeInSync();
        }
        if (roster.allOpened(lanes.keySet())) {
            shared.barrier().reached(request);
        }
    }

    private void becomeInSync() {
        if (!announced) {
            // A mirror that is in sync is a copy: it has to be told before somebody reads from it.
            lanes.values().forEach(this::note);
        }
        // Opened first, looked at once more afterwards: what was committed in between is found at once.
        queue.open(turn.orNull());
        var outage = health.drained();
        nextPoll = pace.nanoTime();
        if (outage.isPresent()) {
            shared.log().back(outage.get());
        } else if (!announced) {
            shared.log().inSync();
        }
        announced = true;
        lanes.values().forEach(this::count);
    }

    private void keepHouse() {
        long now = pace.nanoTime();
        if (now - nextLease >= 0) {
            for (Lane lane : lanes.values()) {
                primary.ledger().renewLease(lane.schema(), lane.fence(), settings.lease());
            }
            nextLease = now + settings.lease().toNanos() / 3;
        }
        if (now - nextNote >= 0) {
            for (Lane lane : lanes.values()) {
                note(lane);
            }
            if (roster.retryIsDue(settings.maxBackOff())) {
                roster.retry();
                openLanes();
            }
            nextNote = pace.nanoTime() + settings.noteInterval().toNanos();
        }
    }

    private void note(Lane lane) {
        acknowledge();
        requireInStep(lane.schema());
        opening.exchangeTokens(lane);
        count(lane);
    }

    private void requireInStep(CollectionSchema<?, ?> schema) {
        Lane lane = lanes.get(schema);
        if (lane != null && !opening.inStep(lane)) {
            throw new StoreUnavailableException(
                    mirror.store(),
                    "The history of " + schema.name() + " is not the one this session began with; looking again",
                    null);
        }
    }

    private void count(Lane lane) {
        lane.pending(primary.pending().summary(lane.schema()));
        roster.publish(lane);
    }

    private void finish() {
        acknowledge();
        for (Lane lane : lanes.values()) {
            // A store that went back since the last note is not noted as if it were whole: the next start sees it.
            if (opening.inStep(lane)) {
                opening.exchangeTokens(lane);
            }
            count(lane);
            primary.ledger().renewLease(lane.schema(), lane.fence(), Duration.ZERO);
        }
    }

    @Override
    public void close() {
        queue.close();
        turn.close();
        acknowledger.close();
        lanes.values().forEach(opening::left);
        lanes.values().forEach(Lane::close);
        lanes.clear();
    }
}
