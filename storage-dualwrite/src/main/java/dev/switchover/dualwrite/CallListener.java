package dev.switchover.dualwrite;

import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;

/**
 * Is told of every call on a collection when it has ended, on the caller's thread, which waits for it: must return at once and not
 * throw. Called by many threads at a time. A record that is refused before any store is asked is no call.
 */
@FunctionalInterface
public interface CallListener {

    void ended(Call call);

    /**
     * One call as its caller saw it.
     *
     * @param store the primary that was asked; JSON also where {@link Outcome#STALE} tells that its copy answered
     * @param phase of the collection
     * @param collection by name; of a unit of work over several of them {@link #SEVERAL}
     * @param nanos how long it took, waiting for the mirror included, or to open, of a cursor
     */
    record Call(Kind kind, Store store, Phase phase, String collection, Outcome outcome, long nanos) {

        /** Stands for the collections of a unit of work over more than one; no collection can have this name. */
        public static final String SEVERAL = "(several)";
    }

    /** Whether it changes something. */
    enum Kind {
        READ,
        /** Also one that asks for a fresh id. */
        WRITE
    }

    /** How it ended. */
    enum Outcome {
        SUCCESS,
        /** Answered from the JSON copy, because the database is unreachable. */
        STALE,
        /** Somebody else had changed the record, or it exists already. */
        CONFLICT,
        /** The store refused the record, as by a constraint, or the collections are led by different stores. */
        REFUSED,
        /** The primary did not answer, had no room or does not serve yet: it did not happen. */
        UNAVAILABLE,
        /** It cannot be known whether the write happened. */
        UNKNOWN,
        /** Another instance has switched the collection over. */
        FENCED,
        /** Anything else, as damage or a closed storage. */
        FAILED
    }
}
