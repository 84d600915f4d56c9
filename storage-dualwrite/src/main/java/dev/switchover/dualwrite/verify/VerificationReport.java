package dev.switchover.dualwrite.verify;

import dev.switchover.dualwrite.reconcile.Counts;
import dev.switchover.dualwrite.report.ReportJson;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.Mirroring;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verification of one collection found. Immutable; holds ids and paths, never values.
 *
 * @param primary the store that is right
 * @param mirroring of the primary's ledger; null if it has no entry. Only while it is {@code ON} can there be drift
 * @param compared ids that were looked at
 * @param equal of those: are alike in both, though perhaps of another version
 * @param drift differ without a reason
 * @param pending differ and are on their way to the mirror
 * @param parked differ because the mirror refuses them
 * @param notMirrored differ while nothing is mirrored: the other store is older, not wrong
 * @param kinds of the drift
 * @param findings the first of them, drift first
 * @param complete whether {@code findings} has all of them
 */
public record VerificationReport(
        Instant at,
        String collection,
        Store primary,
        @Nullable Mirroring mirroring,
        Duration took,
        long compared,
        long equal,
        long drift,
        long pending,
        long parked,
        long notMirrored,
        Counts kinds,
        List<Finding> findings,
        boolean complete) {

    public VerificationReport {
        findings = List.copyOf(findings);
    }

    /** Whether there is no drift. What is pending, parked or not mirrored is no drift. */
    public boolean clean() {
        return drift == 0;
    }

    /** Whether the other store has everything: nothing differs, for whatever reason. */
    public boolean inStep() {
        return drift + pending + parked + notMirrored == 0;
    }

    /** As one JSON object. */
    public String toJson() {
        return ReportJson.write(this);
    }

    /** The report in this text. */
    public static VerificationReport fromJson(String json) {
        return ReportJson.read(json, VerificationReport.class);
    }

    /** One line, for people. */
    @Override
    public String toString() {
        return collection + ": " + compared + " ids compared with " + primary.label() + " as the primary, " + equal
                + " alike, " + drift + " drift, " + pending + " pending, " + parked + " parked"
                + (notMirrored == 0 ? "" : ", " + notMirrored + " not mirrored");
    }
}
