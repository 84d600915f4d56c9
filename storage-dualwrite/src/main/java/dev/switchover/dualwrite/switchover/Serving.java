package dev.switchover.dualwrite.switchover;

import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.time.Duration;

/** What is left to do once a store is active and confirmed: mirroring, the mirror's entry, the noted phase. */
final class Serving {

    private final Duration deadline;
    private final StartLog log;

    Serving(Duration deadline, StartLog log) {
        this.deadline = deadline;
        this.log = log;
    }

    Started.Serving serve(Turn turn, Store authority, boolean compareAgain) {
        Ledger ledger = turn.store(authority).ledger();
        ledger.remember(turn.schema());
        LedgerEntry entry = turn.wanted().mirrored() ? mirroringOn(turn, authority) : mirroringOff(turn, authority);
        boolean joined = false;
        if (turn.present(authority.other()) && turn.entry(authority.other()).isPresent()) {
            try {
                if (turn.wanted().mirrored()) {
                    entry = follow(turn, authority, entry, compareAgain);
                    joined = true;
                } else if (turn.wanted().databasePhase()) {
                    noteInJson(turn);
                }
                turn.store(authority.other()).ledger().notePhase(turn.schema(), turn.wanted());
            } catch (StoreUnavailableException e) {
                // A mirror never fails a start; the worker asks for it again.
                log.warn(turn.collection(), "the mirror went away during the start: " + e.getMessage());
                joined = false;
            }
        }
        ledger.notePhase(turn.schema(), turn.wanted());
        turn.store(authority).serve(turn.schema(), entry.epoch());
        log.step(turn.collection(), authority.label() + " serves at epoch " + entry.epoch());
        return new Started.Serving(turn.wanted(), entry, joined);
    }

    /** The other store becomes a mirror of an authority that is served by others. Returns the authority's entry. */
    LedgerEntry join(Turn turn, Store authority, boolean compareAgain) {
        turn.store(authority).ledger().remember(turn.schema());
        return follow(turn, authority, mirroringOn(turn, authority), compareAgain);
    }

    /** From now on writes are recorded as pending; those that began before are waited for. */
    private LedgerEntry mirroringOn(Turn turn, Store authority) {
        LedgerEntry entry = turn.required(authority);
        if (entry.mirroring() != Mirroring.OFF) {
            return entry;
        }
        // The term tells this entry from one that was syncing before mirroring ended: an end of that comparison may
        // still arrive.
        LedgerEntry syncing = turn.set(
                authority, entry, entry.with(Mirroring.SYNCING).withTerm(entry.term() + 1), "mirroring begins");
        turn.store(authority).ledger().quiesce(turn.schema(), deadline);
        return syncing;
    }

    /**
     * Instances of two phases run side by side in a rolling restart: as long as a worker lives, the ledger is followed. A worker
     * holds the directory's lock, so where that is ours a lease is only left over.
     */
    LedgerEntry mirroringOff(Turn turn, Store authority) {
        LedgerEntry entry = turn.required(authority);
        boolean worker =
                !turn.present(Store.JSON) && turn.store(authority).ledger().hasLiveLease(turn.schema());
        if (entry.mirroring() == Mirroring.OFF || worker) {
            return entry;
        }
        PendingSummary left = turn.store(authority).pending().summary(turn.schema());
        if (left.count() + left.parked() > 0) {
            log.warn(
                    turn.collection(),
                    "mirroring ends with " + left.count() + " ids pending and " + left.parked() + " parked; "
                            + authority.other().label() + " stays without them until the next switchover");
        }
        return turn.set(authority, entry, entry.with(Mirroring.OFF), "mirroring ends");
    }

    /** The mirror's entry becomes that of a mirror of this authority. Returns the authority's. */
    LedgerEntry follow(Turn turn, Store authority, LedgerEntry entry, boolean compareAgain) {
        Store mirror = authority.other();
        LedgerEntry old = turn.required(mirror);
        LedgerEntry active = entry;
        if (compareAgain) {
            log.warn(turn.collection(), mirror.label() + " may have missed something and is compared again");
            Position seen = turn.store(mirror).ledger().remember(turn.schema());
            active = turn.set(
                    authority,
                    entry,
                    entry.with(Mirroring.SYNCING).withSeen(seen),
                    "the mirror has to be compared again");
        }
        // The time stays, here and below: it tells up to when the mirror is complete, and nothing is copied here.
        Position seen =
                Onward.remember(turn, authority, old.seen()).at(old.seen().time());
        boolean follows = old.state() == State.MIRROR
                && old.epoch() == active.epoch()
                && old.fork().equals(active.fork());
        if (follows) {
            turn.store(mirror).ledger().noteSeen(turn.schema(), new Fence(old.epoch(), old.term()), seen);
        } else {
            turn.set(
                    mirror,
                    old,
                    Entries.following(active, State.MIRROR, old.term(), seen),
                    "follows " + authority.label());
        }
        return active;
    }

    /** In a phase without a mirror JSON is told how far the database has come, so that going back is noticed later. */
    private static void noteInJson(Turn turn) {
        LedgerEntry json = turn.required(Store.JSON);
        Position noted = Onward.remember(turn, Store.POSTGRESQL, json.seen())
                .at(json.seen().time());
        turn.store(Store.JSON).ledger().noteSeen(turn.schema(), new Fence(json.epoch(), json.term()), noted);
    }
}
