package dev.switchover.dualwrite;

import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.State;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where everything stands at one moment. Immutable. Holds no record values and no passwords.
 *
 * @param directory the folder of the JSON files
 * @param database where the database is, masked, or null if none is configured
 * @param databaseAwaySince since when the database has not answered, or null while it does
 * @param holdsDirectory whether this process writes the directory
 */
public record StorageStatus(
        Instant time,
        String directory,
        @Nullable String database,
        @Nullable Instant databaseAwaySince,
        boolean holdsDirectory,
        List<CollectionStatus> collections) {

    public StorageStatus {
        collections = List.copyOf(collections);
    }

    /**
     * One collection.
     *
     * @param phase chosen by the flags
     * @param flags where each flag came from
     * @param serving whether calls are answered by the primary; otherwise {@code note} says why not
     * @param json what JSON's ledger says, or null where it could not be read
     * @param postgresql what PostgreSQL's ledger says, or null where it could not be read
     * @param mirror null where this process mirrors nothing
     * @param pending ids whose latest state has not reached the mirror, or -1 if unknown
     * @param oldestPending since when the oldest one waits
     * @param parked records that the mirror refuses, or -1 if unknown
     * @param staleAsOf while the database is away: the time of the copy that reads are answered from
     * @param copyProblems of each further file of the collection that could not be written last time: which, and why
     * @param note what an operator should know, or null
     */
    public record CollectionStatus(
            String name,
            Phase phase,
            List<String> flags,
            Store primary,
            boolean serving,
            @Nullable LedgerStatus json,
            @Nullable LedgerStatus postgresql,
            @Nullable MirrorState mirror,
            long pending,
            @Nullable Instant oldestPending,
            long parked,
            @Nullable Instant staleAsOf,
            List<String> copyProblems,
            @Nullable String note) {

        public CollectionStatus {
            flags = List.copyOf(flags);
            copyProblems = List.copyOf(copyProblems);
        }
    }

    /** What one store's ledger says of a collection. */
    public record LedgerStatus(
            String lineage,
            long epoch,
            State state,
            boolean confirmed,
            Mirroring mirroring,
            long version,
            long highestId) {}

    /**
     * How the mirror does.
     *
     * @param health {@code STARTING}, {@code CATCHING_UP}, {@code IN_SYNC}, {@code DEGRADED}, {@code REFUSED} or {@code STOPPED}
     * @param lastError why it is refused, or of the present or last outage; null if there was none
     */
    public record MirrorState(
            Store store,
            String health,
            @Nullable Instant since,
            @Nullable String lastError) {}

    /**
     * A record that the mirror refuses: not tried again until it changes, is retried by hand, or is discarded.
     *
     * @param since when it became pending
     * @param reason what the mirror said, without record values
     */
    public record Parked(String id, long version, Instant since, String reason) {}

    /** The status as one JSON object. */
    public String toJson() {
        return StatusJson.write(this);
    }
}
