package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.reconcile.Counts;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.storage.BackupException;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.State;
import java.time.Duration;
import java.util.List;

/**
 * Rule 2, what follows {@link Preparation}: seal, receive, quiesce both, copy, activate, confirm, each durable before the next. Whatever it meets half-way is
 * taken up by the next turn.
 */
final class AuthorityChange {

    private final Reconciler reconciler;
    private final AsideFiles aside;
    private final OutgoingBackup outgoing;
    private final Duration deadline;
    private final StartLog log;

    AuthorityChange(Reconciler reconciler, Surroundings surroundings, Duration deadline) {
        this.reconciler = reconciler;
        this.aside = surroundings.aside();
        this.outgoing = surroundings.outgoing();
        this.deadline = deadline;
        this.log = surroundings.log();
    }

    /** All of it, out of an authority that serves. */
    void change(Turn turn, Store from, Store to) {
        Parked.requireNone(turn, from);
        save(turn, from);
        long epoch = turn.nextEpoch();
        log.step(turn.collection(), "sealing " + from.label() + " at epoch " + epoch);
        LedgerEntry sealed = turn.set(
                from, turn.required(from), turn.required(from).with(State.SEALED, epoch), "sealed for " + to.label());
        reopeningOnFailure(turn, from, () -> {
            LedgerEntry receiving = receive(turn, from, to, epoch);
            complete(turn, from, sealed, to, receiving);
        });
    }

    private void save(Turn turn, Store from) {
        RecordStore authority = turn.store(from);
        try {
            String where = outgoing.save(
                    authority,
                    turn.schema(),
                    authority.ledger().lastPhase(turn.schema()).orElse(null));
            if (!where.isEmpty()) {
                log.step(turn.collection(), "what " + from.label() + " has is saved in " + where);
            }
        } catch (BackupException e) {
            throw new StartRefusedException(
                    "BACKUP-FAILED",
                    List.of(
                            "collection " + turn.collection(),
                            String.valueOf(e.getMessage()),
                            "nothing was sealed, " + from.label() + " is the authority as before"),
                    "Make room where the backups go, or make the folder writable, and start again; or set"
                            + " SWITCHOVER_BACKUP_BEFORE_SWITCHOVER=no.",
                    e);
        }
    }

    /**
     * A change somebody else began. The new epoch goes into the successor first: an activation still in flight then fails. Parked
     * records are no reason to refuse here, for then nobody would serve: the copy tries them again, and if they are still refused
     * the sealed store is reopened.
     */
    void finish(Turn turn, Store to) {
        Store from = to.other();
        long epoch = turn.nextEpoch();
        log.step(turn.collection(), "finishing the switchover to " + to.label() + " at epoch " + epoch);
        reopeningOnFailure(turn, from, () -> {
            LedgerEntry receiving = receive(turn, from, to, epoch);
            LedgerEntry sealed = turn.set(
                    from,
                    turn.required(from),
                    turn.required(from).with(State.SEALED, epoch),
                    "sealed again for " + to.label());
            complete(turn, from, sealed, to, receiving);
        });
    }

    private LedgerEntry receive(Turn turn, Store from, Store to, long epoch) {
        LedgerEntry old = turn.required(to);
        Position seen = Onward.remember(turn, from, old.seen());
        LedgerEntry receiving = old.with(State.RECEIVING, epoch)
                .withSeen(seen)
                .atLeast(seen.version(), turn.required(from).highestId());
        return turn.set(to, old, receiving, "receiving from " + from.label());
    }

    private void complete(Turn turn, Store from, LedgerEntry sealed, Store to, LedgerEntry receiving) {
        Ledger source = turn.store(from).ledger();
        Ledger target = turn.store(to).ledger();
        source.quiesce(turn.schema(), deadline);
        target.quiesce(turn.schema(), deadline);

        Fence fence = new Fence(receiving.epoch(), receiving.term());
        Position seen = Onward.remember(turn, from, receiving.seen());
        target.noteSeen(turn.schema(), fence, seen);
        copy(turn, from, to, fence, seen, sealed.mirroring() != Mirroring.OFF);
        Parked.forget(turn, from);

        LedgerEntry last = read(turn, from);
        Mirroring mirroring = turn.wanted().mirrored() ? Mirroring.ON : Mirroring.OFF;
        LedgerEntry next = receiving
                .atLeast(last)
                .with(State.ACTIVE, receiving.epoch())
                .with(mirroring)
                .withSeen(seen);
        log.step(turn.collection(), "activating " + to.label() + " at epoch " + receiving.epoch());
        LedgerEntry active = turn.set(to, receiving, next, "activated");
        confirm(turn, to, active, sealed);
    }

    private void copy(Turn turn, Store from, Store to, Fence fence, Position seen, boolean mirrored) {
        log.step(turn.collection(), "comparing all of " + from.label() + " with " + to.label());
        String reason = "differed from " + from.label() + " without being pending";
        try (AsideFiles.Aside unexpected = aside.open(turn.schema(), reason)) {
            long began = System.nanoTime();
            Counts counts = reconciler.copy(
                    turn.store(from),
                    turn.store(to),
                    turn.schema(),
                    fence,
                    log,
                    unexpected,
                    () -> Onward.require(turn, from, seen));
            log.step(turn.collection(), counts + "; " + counts.different() + " copied to " + to.label());
            log.copied(new CopyMeasured(
                    turn.collection(),
                    to,
                    counts.total(),
                    counts.different(),
                    (System.nanoTime() - began) / 1_000_000));
            if (unexpected.records() > 0) {
                String where = unexpected.where();
                if (mirrored) {
                    log.warn(
                            turn.collection(),
                            unexpected.records() + " records of " + to.label()
                                    + " differed without being pending; they are saved in " + where);
                } else {
                    log.step(
                            turn.collection(),
                            unexpected.records() + " older records of " + to.label()
                                    + ", which was not mirrored, are saved in " + where);
                }
            }
        }
    }

    /** The sealed store, or one whose reopening was overtaken, becomes the authority again, under an epoch of its own. */
    void reopen(Turn turn, Store store) {
        Store other = store.other();
        long epoch = turn.nextEpoch();
        log.step(turn.collection(), "reopening " + store.label() + " at epoch " + epoch);
        LedgerEntry receiving = receive(turn, store, other, epoch);
        LedgerEntry old = turn.required(store);
        LedgerEntry active = turn.set(
                store,
                old,
                old.with(State.ACTIVE, epoch)
                        .with(old.mirroring() == Mirroring.OFF ? Mirroring.OFF : Mirroring.SYNCING),
                "reopened");
        confirm(turn, store, active, receiving);
    }

    /** Step 7: the other store learns that it has been succeeded, then the active one is marked. */
    void confirm(Turn turn, Store authority) {
        confirm(turn, authority, turn.required(authority), turn.required(authority.other()));
    }

    private void confirm(Turn turn, Store authority, LedgerEntry active, LedgerEntry predecessor) {
        Store other = authority.other();
        if (predecessor.state() != State.HANDED_OVER && predecessor.state() != State.MIRROR) {
            // What a sealed store knows of its successor is from before the copy.
            Position noted = predecessor.state() == State.RECEIVING ? predecessor.seen() : Position.NONE;
            Position seen = Onward.remember(turn, authority, noted);
            turn.set(
                    other,
                    predecessor,
                    predecessor.with(State.HANDED_OVER, active.epoch()).withSeen(seen),
                    "handed over to " + authority.label());
        }
        turn.set(authority, active, active.confirm(), "confirmed");
        log.step(turn.collection(), authority.label() + " is the authority at epoch " + active.epoch());
    }

    private LedgerEntry read(Turn turn, Store store) {
        return turn.store(store)
                .ledger()
                .read(turn.schema())
                .orElseThrow(() -> new LostRaceException(store.label() + "'s ledger is gone"));
    }

    /** Whoever sealed a store and cannot go on does not leave it so. */
    private void reopeningOnFailure(Turn turn, Store sealed, Runnable steps) {
        try {
            steps.run();
        } catch (FencedException | UnknownOutcomeException e) {
            throw new LostRaceException(String.valueOf(e.getMessage()));
        } catch (StartRefusedException refused) {
            // A store that went back in time is not made the authority again.
            throw refused;
        } catch (StorageException failure) {
            throw failed(turn, sealed, failure, reopened(turn, sealed));
        }
    }

    private boolean reopened(Turn turn, Store sealed) {
        log.warn(turn.collection(), "the switchover failed; reopening " + sealed.label());
        try {
            Store other = sealed.other();
            Turn now = turn.with(sealed, read(turn, sealed)).with(other, read(turn, other));
            if (now.required(sealed).state() != State.SEALED
                    || now.required(other).state() == State.ACTIVE) {
                return false;
            }
            reopen(now, sealed);
            return true;
        } catch (LostRaceException | StorageException e) {
            log.warn(turn.collection(), "reopening failed, the next start does it: " + e.getMessage());
            return false;
        }
    }

    private static StartRefusedException failed(Turn turn, Store sealed, StorageException failure, boolean reopened) {
        return new StartRefusedException(
                "SWITCHOVER-FAILED",
                List.of(
                        "collection " + turn.collection(),
                        "from " + sealed.label() + " to " + sealed.other().label(),
                        String.valueOf(failure.getMessage()),
                        reopened
                                ? sealed.label() + " is the authority again"
                                : "it is half done; any start with both stores takes it up"),
                "Remove the cause and start again, or start with the flags of the phase before.",
                failure);
    }
}
