package dev.switchover.dualwrite.guard;

import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import java.util.List;
import java.util.OptionalLong;

/** What a start has to do. All but {@link Serve}, {@link ServeStale} and {@link Refuse} are steps: then it observes again. */
public sealed interface Verdict {

    /** Whether this store is the authority, or was until somebody began to change that, and what has to be done leaves it so. */
    default boolean keeps(Store authority) {
        return (this instanceof Serve serve && serve.authority() == authority)
                || (this instanceof Confirm confirm && confirm.authority() == authority)
                || (this instanceof Reopen reopen && reopen.store() == authority)
                || (this instanceof Join join && join.mirror() == authority.other())
                || (this instanceof TakeBack back && back.forced() == authority);
    }

    /**
     * The store is the authority and confirmed: serve.
     *
     * @param compareAgain the other store may differ in ids that are not pending: it went back in time, was never compared, or
     *     missed a change of authority
     */
    record Serve(Store authority, boolean compareAgain) implements Verdict {}

    /** Serve reads from JSON, marked stale, until the database answers; then observe again. */
    record ServeStale(String reason) implements Verdict {}

    /**
     * Neither store has a ledger: make one, with this store as the authority.
     *
     * @param other what to think of the other store's records
     */
    record FirstContact(Store authority, Content other) implements Verdict {}

    /** The store has no ledger beside one that is active: give it one, as a mirror. */
    record Join(Store mirror, Content content) implements Verdict {}

    /** Make the other store the authority: all of rule 2. */
    record ChangeAuthority(Store from, Store to) implements Verdict {}

    /** A change of authority to this store was begun: take a new epoch, copy and activate it. */
    record Finish(Store to) implements Verdict {}

    /** A change of authority away from this store was begun: take a new epoch and make it the authority again. */
    record Reopen(Store store) implements Verdict {}

    /** The store is active and its predecessor has not been told: do that, then mark it confirmed. */
    record Confirm(Store authority) implements Verdict {}

    /** This store was forced while the other was away: save aside what only that one has, and hand it over. */
    record TakeBack(Store forced) implements Verdict {}

    /** Make this store the authority, whatever the ledgers say, under this epoch and a new fork. */
    record Force(Store store, long epoch) implements Verdict {}

    /**
     * Do not serve; nothing has been changed.
     *
     * @param code stable
     * @param force the epoch that would force the wanted store, if forcing can help
     * @param adoptable whether the operator may settle it by naming the store that is right
     */
    record Refuse(String code, List<String> facts, String remedy, OptionalLong force, boolean adoptable)
            implements Verdict {

        public Refuse {
            facts = List.copyOf(facts);
        }

        /** The same as an exception, saying for which collection. */
        public StartRefusedException toException(String collection) {
            List<String> all = new java.util.ArrayList<>();
            all.add("collection " + collection);
            all.addAll(facts);
            return new StartRefusedException(code, all, remedy, null);
        }
    }
}
