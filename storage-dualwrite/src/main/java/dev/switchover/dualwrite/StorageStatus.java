package dev.switchover.dualwrite;

import dev.switchover.dualwrite.report.ReportJson;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.LedgerEntry;
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
 * @param databaseAwaySince since when the database has not answered, or null while it does or nobody knows
 * @param holdsDirectory whether this process writes the directory
 * @param stores how each store does, JSON first
 * @param pool how this process uses its connections; null if the pool is the host's, or this process serves nothing
 */
public record StorageStatus(
        Instant time,
        String directory,
        @Nullable String database,
        @Nullable Instant databaseAwaySince,
        boolean holdsDirectory,
        List<StoreHealth> stores,
        @Nullable Pool pool,
        List<CollectionStatus> collections) {

    public StorageStatus {
        stores = List.copyOf(stores);
        collections = List.copyOf(collections);
    }

    /** How a store does, as far as it can be told from here. */
    public enum Health {
        /** It answers. */
        OK,
        /** It does not answer, or not in time. */
        AWAY,
        /** It answers, but what is there cannot be used as it is: damaged files, missing tables. */
        UNUSABLE,
        /** It has never been used: no file, no table. */
        EMPTY,
        /** Of JSON: its files are in an archive, PostgreSQL is all there is. */
        RETIRED,
        /** No database is configured. */
        NOT_CONFIGURED
    }

    /**
     * Connections to the database.
     *
     * @param waiting threads that wait for one
     * @param maximum how many there may be
     */
    public record Pool(int active, int idle, int waiting, int maximum) {}

    /**
     * One store.
     *
     * @param detail what is wrong, or who holds the directory; null if there is nothing to say
     */
    public record StoreHealth(
            Store store, Health health, @Nullable String detail) {}

    /**
     * One collection.
     *
     * @param phase chosen by the flags this process sees
     * @param lastPhase the phase the authority was last started in; null if its ledger could not be read
     * @param flags each flag, its value and where it came from
     * @param serving whether calls are answered by the primary; otherwise {@code note} says why not. For an operator beside the
     *     service: whether the primary's ledger lets it serve
     * @param json what JSON's ledger says, or null where it could not be read
     * @param postgresql what PostgreSQL's ledger says, or null where it could not be read
     * @param mirror null where this process mirrors nothing
     * @param pending ids whose latest state has not reached the mirror, or -1 if unknown
     * @param oldestPending since when the oldest one waits
     * @param parked records that the mirror refuses, or -1 if unknown
     * @param records how many records each store has
     * @param lastVerification what the last one found; null if there was none, or it could not be read
     * @param lastRepair when the last repair was done, or null
     * @param lastExport when the collection was last exported, into the own directory or elsewhere; null if never, or without a database
     * @param lastBackup when the newest backup was made that is there and has the collection, or null
     * @param staleAsOf while the database is away: the time of the copy that reads are answered from
     * @param staleReads how many reads were answered from a stale copy since this process started
     * @param shadow the comparisons of reads with the mirror; null where none are asked for
     * @param copyProblems of each further file of the collection that could not be written last time: which, and why; and why the
     *     export or backup that follows writes fails, if it does
     * @param note what an operator should know, or null
     */
    public record CollectionStatus(
            String name,
            Phase phase,
            @Nullable Phase lastPhase,
            List<String> flags,
            Store primary,
            boolean serving,
            @Nullable LedgerStatus json,
            @Nullable LedgerStatus postgresql,
            @Nullable MirrorState mirror,
            long pending,
            @Nullable Instant oldestPending,
            long parked,
            Records records,
            @Nullable LastVerification lastVerification,
            @Nullable Instant lastRepair,
            @Nullable Instant lastExport,
            @Nullable Instant lastBackup,
            @Nullable Instant staleAsOf,
            long staleReads,
            @Nullable ShadowReads shadow,
            List<String> copyProblems,
            @Nullable String note) {

        public CollectionStatus {
            flags = List.copyOf(flags);
            copyProblems = List.copyOf(copyProblems);
        }
    }

    /**
     * How many records each store has; -1 where it is not known.
     *
     * @param countedAt when PostgreSQL's were counted: seldom in a large table, for that costs; null if they were not
     */
    public record Records(
            long json, long postgresql, @Nullable Instant countedAt) {}

    /**
     * What the last verification found.
     *
     * @param drift ids that differ although they are neither pending nor parked
     */
    public record LastVerification(Instant at, long compared, long drift, long pending, long parked) {}

    /**
     * Reads that were asked of the mirror too and compared, since this process started.
     *
     * @param percent the share that was asked for
     * @param compared how many were
     * @param lagging of those: differed in ids that were pending, or that changed meanwhile
     * @param mismatched of those: differed otherwise
     * @param dropped were to be compared, and were not, for too many waited or they were too large
     * @param failed could not be compared, for the mirror did not answer
     */
    public record ShadowReads(int percent, long compared, long lagging, long mismatched, long dropped, long failed) {}

    /** What one store's ledger says of a collection. */
    public record LedgerStatus(
            String lineage,
            long epoch,
            State state,
            boolean confirmed,
            Mirroring mirroring,
            long version,
            long highestId) {

        static LedgerStatus of(LedgerEntry entry) {
            return new LedgerStatus(
                    entry.lineage().toString(),
                    entry.epoch(),
                    entry.state(),
                    entry.confirmed(),
                    entry.mirroring(),
                    entry.position().version(),
                    entry.highestId());
        }
    }

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
     * An id whose latest state has not reached the mirror yet.
     *
     * @param since when it became pending
     */
    public record Pending(String id, long version, Instant since) {}

    /**
     * A record that the mirror refuses: not tried again until it changes, is retried by hand, or is discarded.
     *
     * @param since when it became pending
     * @param reason what the mirror said, without record values
     */
    public record Parked(String id, long version, Instant since, String reason) {}

    /** The status as one JSON object. */
    public String toJson() {
        return ReportJson.write(this);
    }
}
