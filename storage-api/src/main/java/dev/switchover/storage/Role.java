package dev.switchover.storage;

/** What a store does for a collection at present; which {@link Store} it is, is another question. */
public enum Role {
    /** Takes the writes and answers the reads. */
    PRIMARY,
    /** Follows the primary. */
    MIRROR,
    /** Takes no part; JSON in {@link Phase#DB_ONLY} is an emergency copy. */
    NONE
}
