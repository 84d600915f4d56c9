package dev.switchover.dualwrite.guard;

import dev.switchover.dualwrite.guard.Observation.Present;
import dev.switchover.dualwrite.guard.Verdict.Force;
import dev.switchover.dualwrite.guard.Verdict.Join;
import dev.switchover.dualwrite.guard.Verdict.Serve;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;

/** Verdicts where both stores are there and one of them has no ledger. */
final class OneLedger {

    private OneLedger() {}

    static Verdict decide(Phase wanted, Side known, Present blank, GuardOptions options) {
        if (!known.entry().serves()) {
            return Refusals.ledgerMissing(known);
        }
        if (wanted == Phase.JSON_ONLY && known.store() == Store.JSON) {
            return new Serve(Store.JSON, false);
        }
        Store store = known.store().other();
        if (!blank.hasRecords()) {
            return new Join(store, Content.NONE);
        }
        if (options.adopt().isPresent()) {
            return options.adopt().get() == known.store()
                    ? new Join(store, Content.SAVED_ASIDE)
                    : new Force(store, Refusals.epochAbove(known.entry()));
        }
        boolean filesBesideTheDatabase = store == Store.JSON && wanted.databasePhase();
        return new Join(store, filesBesideTheDatabase ? Content.SAVED_ASIDE : Content.MUST_BE_EQUAL);
    }
}
