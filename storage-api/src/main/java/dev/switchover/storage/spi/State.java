package dev.switchover.storage.spi;

/** What a store is for a collection, as its own ledger entry says. */
public enum State {
    /** The authority. */
    ACTIVE,
    /** Was the authority, on its way out: takes no writes. */
    SEALED,
    /** Is being made ready to become the authority. */
    RECEIVING,
    /** Was the authority; its successor is known to be active. */
    HANDED_OVER,
    /** Follows, or will follow, the authority. */
    MIRROR
}
