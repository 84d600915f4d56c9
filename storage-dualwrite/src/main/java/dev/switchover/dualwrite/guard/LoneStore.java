package dev.switchover.dualwrite.guard;

import dev.switchover.dualwrite.guard.Observation.Locked;
import dev.switchover.dualwrite.guard.Observation.NotConfigured;
import dev.switchover.dualwrite.guard.Observation.Present;
import dev.switchover.dualwrite.guard.Verdict.FirstContact;
import dev.switchover.dualwrite.guard.Verdict.Serve;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.LedgerEntry;

/** Verdicts where the wanted primary is there and the other store cannot be asked. */
final class LoneStore {

    private LoneStore() {}

    static Verdict decide(Phase wanted, Present own, Observation other) {
        Store store = wanted.primary();
        if (own.entry().isEmpty()) {
            return firstContact(store, other);
        }
        LedgerEntry entry = own.entry().get();
        Side side = new Side(store, entry, own);
        if (entry.serves()) {
            return new Serve(store, false);
        }
        if (Guard.provisional(entry) && other instanceof NotConfigured) {
            return new FirstContact(store, Content.NONE);
        }
        if (other instanceof Locked locked) {
            return Refusals.locked(
                    locked.holder(), side.describe() + ", and changing the authority needs the directory too");
        }
        return switch (entry.state()) {
            case ACTIVE -> Refusals.unconfirmedAlone(side, other);
            case SEALED, RECEIVING -> Refusals.halfDoneAlone(side, other);
            case HANDED_OVER, MIRROR -> Refusals.notTheAuthority(side, other);
        };
    }

    private static Verdict firstContact(Store store, Observation other) {
        if (other instanceof NotConfigured) {
            return new FirstContact(store, Content.NONE);
        }
        if (other instanceof Locked locked) {
            return Refusals.locked(
                    locked.holder(), store.label() + " has no ledger yet, and a first contact needs both stores");
        }
        return Refusals.firstContactAlone(store, other);
    }
}
