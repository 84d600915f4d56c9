package dev.switchover.dualwrite.guard;

/** What is to be thought of the records of a store that has no ledger. */
public enum Content {
    /** There are none. */
    NONE,
    /** They must be those of the authority; the start is refused if they are not. */
    MUST_BE_EQUAL,
    /** What differs is saved aside before anything is overwritten. */
    SAVED_ASIDE
}
