package dev.switchover.storage.spi;

import java.time.Instant;
import java.util.UUID;

/**
 * What a store knows of one collection's authority, kept inside the store itself.
 *
 * <p>The <i>control</i> fields are lineage, epoch, fork, state, confirmed, mirroring and term; a compare-and-set compares
 * exactly these. The others only ever grow.
 *
 * @param lineage which data set; made once, at first contact, copied to the other store
 * @param epoch the number of the last change of authority
 * @param fork random with each forced start, so that two forced histories with one number differ
 * @param confirmed of an {@link State#ACTIVE} entry: whether the other store's entry is known to be handed over or mirror
 * @param mirroring of the authority
 * @param term counts the mirror workers
 * @param position how far this store has come
 * @param seen how far the other store was when it was last applied here (in a mirror) or last acknowledged (in a primary)
 * @param highestId the highest id ever issued or stored, also of records deleted since; 0 where ids are no numbers
 */
public record LedgerEntry(
        UUID lineage,
        long epoch,
        String fork,
        State state,
        boolean confirmed,
        Mirroring mirroring,
        long term,
        Position position,
        Position seen,
        long highestId) {

    /** The first entry of a new data set: its authority from the beginning. */
    public static LedgerEntry first(UUID lineage, Position position) {
        return new LedgerEntry(lineage, 1, "", State.ACTIVE, true, Mirroring.OFF, 0, position, Position.NONE, 0);
    }

    /** Whether this store may take writes, by its own account. */
    public boolean serves() {
        return state == State.ACTIVE && confirmed;
    }

    /**
     * Whether this store has ever been complete: an authority is, another one once it was compared with the authority, exported to or
     * copied from. What is in it before that is no copy of anything.
     */
    public boolean wasComplete() {
        return state == State.ACTIVE || state == State.SEALED || seen.time().isAfter(Instant.EPOCH);
    }

    public LedgerEntry with(State newState, long newEpoch) {
        return new LedgerEntry(lineage, newEpoch, fork, newState, false, mirroring, term, position, seen, highestId);
    }

    public LedgerEntry confirm() {
        return new LedgerEntry(lineage, epoch, fork, state, true, mirroring, term, position, seen, highestId);
    }

    public LedgerEntry with(Mirroring newMirroring) {
        return new LedgerEntry(lineage, epoch, fork, state, confirmed, newMirroring, term, position, seen, highestId);
    }

    public LedgerEntry withTerm(long newTerm) {
        return new LedgerEntry(lineage, epoch, fork, state, confirmed, mirroring, newTerm, position, seen, highestId);
    }

    public LedgerEntry withSeen(Position newSeen) {
        return new LedgerEntry(lineage, epoch, fork, state, confirmed, mirroring, term, position, newSeen, highestId);
    }

    public LedgerEntry withHighestId(long id) {
        return new LedgerEntry(
                lineage, epoch, fork, state, confirmed, mirroring, term, position, seen, Math.max(highestId, id));
    }

    /** The same entry with the counters of this moment. */
    public LedgerEntry withCounters(Position newPosition, long newHighestId) {
        return new LedgerEntry(
                lineage, epoch, fork, state, confirmed, mirroring, term, newPosition, seen, newHighestId);
    }

    /** With counters nowhere below these: what another store has issued is not issued again. */
    public LedgerEntry atLeast(long version, long id) {
        Position raised = new Position(
                position.timeline(), Math.max(position.version(), version), position.token(), position.time());
        return withCounters(raised, Math.max(highestId, id));
    }

    /** With counters nowhere below those of the other entry. */
    public LedgerEntry atLeast(LedgerEntry other) {
        return atLeast(other.position.version(), other.highestId);
    }

    public LedgerEntry withFork(String newFork) {
        return new LedgerEntry(lineage, epoch, newFork, state, confirmed, mirroring, term, position, seen, highestId);
    }

    public LedgerEntry withLineage(UUID newLineage) {
        return new LedgerEntry(newLineage, epoch, fork, state, confirmed, mirroring, term, position, seen, highestId);
    }

    /** Whether the control fields are the same. */
    public boolean sameControl(LedgerEntry other) {
        return lineage.equals(other.lineage)
                && epoch == other.epoch
                && fork.equals(other.fork)
                && state == other.state
                && confirmed == other.confirmed
                && mirroring == other.mirroring
                && term == other.term;
    }
}
