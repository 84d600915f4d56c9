package dev.switchover.storage.spi;

import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one store: an entry per collection and its history. Every change is durable when the call returns, as
 * strongly as the store can. Thread-safe.
 */
public interface Ledger {

    /**
     * The entry as it is now, with the present {@link LedgerEntry#position} and {@link LedgerEntry#highestId}; empty if the
     * store has never been in contact.
     */
    Optional<LedgerEntry> read(CollectionSchema<?, ?> schema);

    /**
     * Replaces the control fields and {@link LedgerEntry#seen} if the stored control fields are those of {@code expected};
     * the highest id and the version counter become the higher of the stored one and that of {@code next}, so they never
     * fall. The change, with time, host, pid and reason, is added to the history.
     *
     * @param expected null: there must be no entry yet
     * @return false if the stored entry is another one; nothing was changed
     */
    boolean compareAndSet(
            CollectionSchema<?, ?> schema, @Nullable LedgerEntry expected, LedgerEntry next, String reason);

    /**
     * Waits until no write, mirror apply or acknowledgement that began under an earlier entry is in flight.
     *
     * @throws dev.switchover.storage.StoreUnavailableException after the deadline, naming what it waited for
     */
    void quiesce(CollectionSchema<?, ?> schema, Duration deadline);

    /** Writes a new {@link Token} into the store's own history and returns the position that carries it. */
    Position remember(CollectionSchema<?, ?> schema);

    /**
     * Whether the token is in this store's history; one that lacks it went back in time. The empty token always is, and so is one
     * too old to be kept, see {@link Token}.
     */
    boolean remembers(CollectionSchema<?, ?> schema, String token);

    /**
     * Notes the other store's position in the entry.
     *
     * @throws dev.switchover.storage.FencedException if epoch or term are not the entry's
     */
    void noteSeen(CollectionSchema<?, ?> schema, Fence fence, Position other);

    /**
     * Notes the phase this start serves the collection in, for a later start that cannot read its flags. There must be an
     * entry. Not part of the control fields.
     */
    void notePhase(CollectionSchema<?, ?> schema, Phase phase);

    /** The phase noted last; empty if none was. */
    Optional<Phase> lastPhase(CollectionSchema<?, ?> schema);

    /** Whether a mirror worker has told, within its lease, that it is alive. */
    boolean hasLiveLease(CollectionSchema<?, ?> schema);

    /**
     * Tells that the mirror worker of this term is alive, for this long from now on the store's clock; zero ends the lease.
     *
     * @throws dev.switchover.storage.FencedException if epoch or term are not the entry's
     */
    void renewLease(CollectionSchema<?, ?> schema, Fence fence, Duration lease);
}
