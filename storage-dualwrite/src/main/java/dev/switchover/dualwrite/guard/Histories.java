package dev.switchover.dualwrite.guard;

import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;

/**
 * Judges by what ledgers say whether a store went back in time. Pure.
 *
 * <p>A token that a store noted of the other was in the other's own history first, so a store without it went back, however far it
 * has come since. The version counters show it where the last token is older than what was lost.
 */
public final class Histories {

    /** What follows for a mirror worker. */
    public enum Verdict {
        /** Both are where they were, or further: what differs is pending. */
        IN_STEP,
        /** The mirror may lack something, so everything has to be compared. */
        COMPARE,
        /** The primary lacks what its mirror has seen. */
        PRIMARY_WENT_BACK
    }

    private Histories() {}

    /**
     * Whether a store lacks what somebody else noted of it: then it is an older copy of itself.
     *
     * @param remembers whether the noted token is in the store's own history
     */
    public static boolean wentBack(Position present, boolean remembers, Position noted) {
        return !remembers || present.version() < noted.version();
    }

    /**
     * Whether an entry continues what was seen of the same store: of the same data set, never forced meanwhile, and not older.
     *
     * @param remembers whether the token that was seen is in the store's own history
     */
    public static boolean goesOn(LedgerEntry present, boolean remembers, LedgerEntry seen) {
        return present.lineage().equals(seen.lineage())
                && present.fork().equals(seen.fork())
                && present.epoch() >= seen.epoch()
                && !wentBack(present.position(), remembers, seen.position());
    }

    /** Whether a store's physical history is another than the one that was noted. */
    public static boolean onNewTimeline(Position present, Position noted) {
        return !noted.isNone() && !noted.timeline().equals(present.timeline());
    }

    /**
     * Whether the mirror has applied a version that its primary's counter has not reached. Every version a mirror applies was
     * durable in the primary first, so the primary lost it, be it a record or a deletion.
     *
     * @param mirrorRemembers whether the mirror has the token the primary noted of it; a mirror the primary does not know may
     *     have counted higher in another history
     */
    public static boolean behindItsMirror(LedgerEntry primary, LedgerEntry mirror, boolean mirrorRemembers) {
        Position noted = primary.seen();
        return !noted.isNone()
                && mirrorRemembers
                && !onNewTimeline(mirror.position(), noted)
                && mirror.state() == State.MIRROR
                && mirror.epoch() == primary.epoch()
                && mirror.position().version() > primary.position().version();
    }

    /**
     * @param mirror read before {@code primary}, so that what is mirrored in between does not look lost
     * @param primaryRemembers whether the primary has the token the mirror saw
     * @param mirrorRemembers whether the mirror has the token the primary saw
     */
    public static Verdict judge(
            LedgerEntry primary, LedgerEntry mirror, boolean primaryRemembers, boolean mirrorRemembers) {
        if (wentBack(primary.position(), primaryRemembers, mirror.seen())
                || behindItsMirror(primary, mirror, mirrorRemembers)) {
            return Verdict.PRIMARY_WENT_BACK;
        }
        boolean mirrorMayLack = primary.seen().isNone()
                || wentBack(mirror.position(), mirrorRemembers, primary.seen())
                || onNewTimeline(mirror.position(), primary.seen());
        // Not only another one: a mirror that has noted nothing of its primary has to be compared, too.
        boolean otherPrimary =
                !mirror.seen().timeline().equals(primary.position().timeline());
        return mirrorMayLack || otherPrimary ? Verdict.COMPARE : Verdict.IN_STEP;
    }
}
