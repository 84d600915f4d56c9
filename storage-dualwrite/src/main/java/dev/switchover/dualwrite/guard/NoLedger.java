package dev.switchover.dualwrite.guard;

import dev.switchover.dualwrite.guard.Observation.Present;
import dev.switchover.dualwrite.guard.Verdict.FirstContact;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;

/** Verdicts at first contact: both stores are there, neither has a ledger. */
final class NoLedger {

    private NoLedger() {}

    static Verdict decide(Phase wanted, Present own, Present other, GuardOptions options) {
        Store store = wanted.primary();
        if (own.hasRecords() && other.hasRecords()) {
            return options.adopt()
                    .map(right -> new FirstContact(right, Content.SAVED_ASIDE))
                    .orElse(new FirstContact(Store.JSON, Content.MUST_BE_EQUAL));
        }
        if (other.hasRecords()) {
            return onlyTheOtherHasRecords(store, options);
        }
        return new FirstContact(store, Content.NONE);
    }

    /**
     * JSON files that are to move into an empty database are the authority to begin with. Rows beside a directory without files
     * are another matter where JSON is wanted: the directory may be the wrong one.
     */
    private static Verdict onlyTheOtherHasRecords(Store store, GuardOptions options) {
        if (store == Store.POSTGRESQL) {
            return new FirstContact(Store.JSON, Content.NONE);
        }
        return options.adopt()
                .<Verdict>map(right -> right == Store.JSON
                        ? new FirstContact(Store.JSON, Content.SAVED_ASIDE)
                        : new FirstContact(Store.POSTGRESQL, Content.NONE))
                .orElseGet(Refusals::rowsBesideAnEmptyDirectory);
    }
}
