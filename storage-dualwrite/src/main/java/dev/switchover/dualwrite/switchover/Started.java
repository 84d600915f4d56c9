package dev.switchover.dualwrite.switchover;

import dev.switchover.storage.Phase;
import dev.switchover.storage.spi.LedgerEntry;

/** How a collection was started. */
public sealed interface Started {

    Phase phase();

    /**
     * The primary takes writes under the entry's epoch.
     *
     * @param authority the primary's entry
     * @param mirrorJoined whether the other store's entry follows that of the authority, so that a worker can begin; otherwise
     *     {@link GuardedStart#joinMirror} is to be called once that store is there
     */
    record Serving(Phase phase, LedgerEntry authority, boolean mirrorJoined) implements Started {}

    /** The database is away: reads come from JSON, writes are refused. Start again when the database answers. */
    record Stale(Phase phase, String reason) implements Started {}
}
