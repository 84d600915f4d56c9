package dev.switchover.dualwrite.switchover;

import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.util.UUID;

/** New ledger entries out of old ones. */
final class Entries {

    private Entries() {}

    /** The entry with counters that are nowhere below those of the other store. */
    static LedgerEntry atLeast(LedgerEntry entry, LedgerEntry other) {
        return atLeast(entry, other.position().version(), other.highestId());
    }

    static LedgerEntry atLeast(LedgerEntry entry, long version, long highestId) {
        Position old = entry.position();
        Position position = new Position(old.timeline(), Math.max(old.version(), version), old.token(), old.time());
        return new LedgerEntry(
                entry.lineage(),
                entry.epoch(),
                entry.fork(),
                entry.state(),
                entry.confirmed(),
                entry.mirroring(),
                entry.term(),
                position,
                entry.seen(),
                Math.max(entry.highestId(), highestId));
    }

    /** An authority nobody has confirmed yet, of a data set that begins now. */
    static LedgerEntry firstUnconfirmed(UUID lineage) {
        return LedgerEntry.first(lineage, Position.NONE).with(State.ACTIVE, 1);
    }

    /** An entry, in this state, that belongs to the authority's history. */
    static LedgerEntry following(LedgerEntry authority, State state, long term, Position seenOfTheAuthority) {
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
