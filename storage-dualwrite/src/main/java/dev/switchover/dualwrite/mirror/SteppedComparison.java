package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.reconcile.LiveComparison;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.storage.spi.RecordStore;

/** Compares a lane's stores a step at a time, so that what becomes pending never piles up. Used by the worker only. */
final class SteppedComparison {

    private static final int COMPARED_AT_ONCE = 1_000;

    /** Of a mirror that lacks everything: what a step costs whatever its size is then most of the work. */
    private static final int DIFFERENT_AT_ONCE = 20_000;

    private final RecordStore primary;
    private final RecordStore mirror;
    private final DirectLoad direct;
    private final int many;
    private final LaneOpening opening;
    private final Roster roster;
    private final MirrorLog log;

    SteppedComparison(
            RecordStore primary, RecordStore mirror, int many, LaneOpening opening, Roster roster, MirrorLog log) {
        this.primary = primary;
        this.mirror = mirror;
        this.direct = new DirectLoad(primary, mirror, log);
        this.many = many;
        this.opening = opening;
        this.roster = roster;
        this.log = log;
    }

    /** @param requireInStep throws if a store went back in time: what was compared before tells nothing of it then */
    void step(Lane lane, Runnable requireInStep) {
        LiveComparison comparison = lane.comparison();
        if (comparison == null) {
            comparison = begin(lane, requireInStep);
        }
        boolean finished = comparison.step(comparison.isAllDifferent() ? DIFFERENT_AT_ONCE : COMPARED_AT_ONCE);
        requireInStep.run();
        if (finished) {
            log.compared(lane.schema(), comparison.counts());
            lane.close();
            if (lane.isLoaded()) {
                // Nothing acknowledges what was loaded: only the new token tells a mirror that has lost it again.
                opening.exchangeTokens(lane);
            }
            opening.compared(lane);
            roster.publish(lane);
        }
    }

    private LiveComparison begin(Lane lane, Runnable requireInStep) {
        log.comparing(lane.schema());
        LiveComparison begun = new Reconciler()
                .markingDifferences(
                        primary,
                        mirror,
                        lane.schema(),
                        lane.fence(),
                        step -> {
                            lane.progress(step);
                            roster.publish(lane);
                            roster.comparing(step);
                            log.progress(step);
                        },
                        many,
                        ids -> direct.load(lane, ids, requireInStep));
        lane.comparing(begun);
        return begun;
    }
}
