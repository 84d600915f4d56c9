package dev.switchover.dualwrite.switchover;

import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.util.UUID;

/** New ledger entries out of old ones. */
public final class Entries {

    private Entries() {}

    /** An authority nobody has confirmed yet, of a data set that begins now. */
    static LedgerEntry firstUnconfirmed(UUID lineage) {
        return LedgerEntry.first(lineage, Position.NONE).with(State.ACTIVE, 1);
    }

    /** An entry, in this state, that belongs to the authority's history. */
    public static LedgerEntry following(LedgerEntry authority, State state, long term, Position seenOfTheAuthority) {
        return new LedgerEntry(
                authority.lineage(),
                authority.epoch(),
                authority.fork(),
                state,
                false,
                dev.switchover.storage.spi.Mirroring.OFF,
                Math.max(term, authority.term()),
                Position.NONE,
                seenOfTheAuthority,
                authority.highestId());
    }
}
