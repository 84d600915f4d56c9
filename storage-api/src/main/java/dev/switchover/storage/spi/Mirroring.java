package dev.switchover.storage.spi;

/** Whether the authority records its writes as pending. */
public enum Mirroring {
    /** It does not. */
    OFF,
    /** It does, and the comparison of everything has not ended yet. */
    SYNCING,
    /** It does; wherever the stores differ, the id is pending or parked. */
    ON
}
