package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingSummary;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mirror at one moment.
 *
 * @param mirror the store that is written to
 * @param since when the condition began
 * @param lastInSync when it was last known to be in sync; null if never
 * @param lastError of the present or the last outage, without record values; null if there was none
 */
public record MirrorStatus(
        Store mirror,
        MirrorCondition health,
        Instant since,
        @Nullable Instant lastInSync,
        @Nullable String lastError,
        List<Collection> collections) {

    /**
     * One collection.
     *
     * @param term of this worker, 0 if it has none now
     * @param mirroring as the authority's ledger had it when last looked at; null if unknown
     * @param pending as counted last
     * @param comparing how far a running comparison of everything is; null if none runs
     * @param problem why it is not mirrored now and what to do; null if it is
     */
    public record Collection(
            String name,
            long term,
            @Nullable Mirroring mirroring,
            PendingSummary pending,
            Progress.@Nullable Step comparing,
            @Nullable String problem) {

        static Collection starting(String name) {
            return new Collection(name, 0, null, PendingSummary.NONE, null, null);
        }
    }
}
