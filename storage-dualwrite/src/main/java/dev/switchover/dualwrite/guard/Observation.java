package dev.switchover.dualwrite.guard;

import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.PendingSummary;
import java.util.Optional;

/** What was seen of one store, for one collection, before a verdict. */
public sealed interface Observation {

    /** There is no such store: no database is configured. */
    record NotConfigured() implements Observation {}

    /** It does not answer, so nothing is known of it. */
    record Unreachable(String reason) implements Observation {}

    /** The directory belongs to another process, which may change it at any moment. */
    record Locked(String holder) implements Observation {}

    /**
     * It can be read and written.
     *
     * @param entry empty if it has never been in contact
     * @param hasRecords whether it holds any record
     * @param remembers whether its history has the token the other store's entry noted of it, and its records what the other store
     *     got from it since; true if none was noted
     * @param pending how much it holds that has not reached the other store, for the facts of a refusal
     */
    record Present(Optional<LedgerEntry> entry, boolean hasRecords, boolean remembers, PendingSummary pending)
            implements Observation {}
}
