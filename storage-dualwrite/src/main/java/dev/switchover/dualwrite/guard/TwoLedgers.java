package dev.switchover.dualwrite.guard;

import dev.switchover.dualwrite.guard.Verdict.ChangeAuthority;
import dev.switchover.dualwrite.guard.Verdict.Confirm;
import dev.switchover.dualwrite.guard.Verdict.Finish;
import dev.switchover.dualwrite.guard.Verdict.Reopen;
import dev.switchover.dualwrite.guard.Verdict.Serve;
import dev.switchover.dualwrite.guard.Verdict.TakeBack;
import dev.switchover.storage.Phase;
import dev.switchover.storage.spi.State;

/** Verdicts where both stores are there and both have a ledger. */
final class TwoLedgers {

    private TwoLedgers() {}

    static Verdict decide(Phase wanted, Side own, Side other) {
        if (!own.entry().lineage().equals(other.entry().lineage())) {
            return Refusals.lineageDiffers(own, other);
        }
        if (!own.entry().fork().equals(other.entry().fork())) {
            return forked(own, other);
        }
        if (own.active() && other.active()) {
            return Refusals.twoAuthorities(own, other);
        }
        if (own.active()) {
            return active(wanted, own, other);
        }
        if (other.active()) {
            return active(wanted, other, own);
        }
        if (own.is(State.SEALED) && !other.is(State.SEALED)) {
            return halfDone(wanted, own, other);
        }
        if (other.is(State.SEALED) && !own.is(State.SEALED)) {
            return halfDone(wanted, other, own);
        }
        return Refusals.noAuthority(own, other);
    }

    /** The one that was forced out of the other's history takes that one back; two that were forced apart wait for a person. */
    private static Verdict forked(Side own, Side other) {
        Side forced = Forks.descends(own.entry().fork(), other.entry().fork()) ? own : other;
        Side lost = forced == own ? other : own;
        boolean descends = Forks.descends(forced.entry().fork(), lost.entry().fork());
        return descends && forced.entry().serves() && forced.epoch() > lost.epoch()
                ? new TakeBack(forced.store())
                : Refusals.forked(own, other);
    }

    private static Verdict active(Phase wanted, Side authority, Side other) {
        if (authority.wentBack(other)) {
            return Refusals.wentBack(authority, other);
        }
        if (authority.behindItsMirror(other)) {
            return Refusals.behindItsMirror(authority, other);
        }
        boolean stays = authority.store() == wanted.primary();
        if (other.epoch() > authority.epoch()) {
            if (!other.is(State.RECEIVING)) {
                return Refusals.timeTravel(authority, other);
            }
            // What a finish that lost its compare-and-set leaves; the positions above say that nothing was lost.
            return stays ? new Reopen(authority.store()) : new Finish(other.store());
        }
        if (!authority.entry().confirmed()) {
            return other.epoch() == authority.epoch()
                    ? new Confirm(authority.store())
                    : Refusals.timeTravel(other, authority);
        }
        return stays
                ? new Serve(authority.store(), mayDiffer(authority, other))
                : new ChangeAuthority(authority.store(), other.store());
    }

    /** Whether "where the stores differ, the id is pending" cannot be relied upon. */
    private static boolean mayDiffer(Side authority, Side mirror) {
        boolean followed = mirror.is(State.MIRROR) || mirror.is(State.HANDED_OVER);
        return !followed
                || mirror.epoch() < authority.epoch()
                || mirror.wentBack(authority)
                || mirror.onNewTimeline(authority)
                || authority.onNewTimeline(mirror);
    }

    private static Verdict halfDone(Phase wanted, Side sealed, Side successor) {
        if (sealed.wentBack(successor)) {
            return Refusals.wentBack(sealed, successor);
        }
        if (!successor.is(State.RECEIVING) && successor.epoch() >= sealed.epoch()) {
            return Refusals.timeTravel(sealed, successor);
        }
        return successor.store() == wanted.primary() ? new Finish(successor.store()) : new Reopen(sealed.store());
    }
}
