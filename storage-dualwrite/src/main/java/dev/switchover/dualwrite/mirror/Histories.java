package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;

/**
 * Judges by two ledger entries whether a store went back in time. Pure.
 *
 * <p>A token that a store noted of the other was in the other's own history first, so a store without it went back, however far it
 * has come since. The version counters show it where no token had been exchanged yet.
 */
final class Histories {

    /** What follows for a mirror worker. */
    enum Verdict {
        /** Both are where they were, or further: what differs is pending. */
        IN_STEP,
        /** Everything has to be compared. */
        COMPARE,
        /** The mirror this primary had last has a higher counter than it: whether writes were lost, its records tell. */
        MIRROR_AHEAD,
        /** The primary lacks what its mirror has seen. */
        PRIMARY_WENT_BACK
    }

    private Histories() {}

    /**
     * @param mirror read before {@code primary}, so that what is mirrored in between does not look lost
     * @param primaryRemembers whether the primary has the token the mirror saw
     * @param mirrorRemembers whether the mirror has the token the primary saw
     */
    static Verdict judge(LedgerEntry primary, LedgerEntry mirror, boolean primaryRemembers, boolean mirrorRemembers) {
        Position seenByMirror = mirror.seen();
        if (!seenByMirror.isNone() && (!primaryRemembers || primary.position().version() < seenByMirror.version())) {
            return Verdict.PRIMARY_WENT_BACK;
        }
        Position seenByPrimary = primary.seen();
        boolean known = !seenByPrimary.isNone()
                && mirrorRemembers
                && seenByPrimary.timeline().equals(mirror.position().timeline());
        if (known && mirror.position().version() > primary.position().version()) {
            return Verdict.MIRROR_AHEAD;
        }
        boolean mirrorWentBack = !known || mirror.position().version() < seenByPrimary.version();
        boolean newTimeline = !seenByMirror.timeline().equals(primary.position().timeline());
        boolean compared = primary.mirroring() == Mirroring.ON;
        return mirrorWentBack || newTimeline || !compared ? Verdict.COMPARE : Verdict.IN_STEP;
    }
}
