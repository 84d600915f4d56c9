package dev.switchover.dualwrite;

import dev.switchover.dualwrite.StorageStatus.LastVerification;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.report.Reports;
import dev.switchover.storage.schema.CollectionSchema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When work on a collection was last done, and what the last verification found; each null if never. */
record LastReports(
        @Nullable LastVerification verification,
        @Nullable Instant repair,
        @Nullable Instant export,
        @Nullable Instant backup) {

    static LastReports of(Reports reports, CollectionSchema<?, ?> schema) {
        return new LastReports(
                reports.last(Report.VERIFY, schema.name())
                        .map(LastReports::verification)
                        .orElse(null),
                reports.lastTime(Report.REPAIR, schema.name()),
                reports.lastTime(Report.EXPORT, schema.name()),
                reports.lastTime(Report.BACKUP, schema.name()));
    }

    private static LastVerification verification(Report report) {
        return new LastVerification(
                report.at(),
                report.number("compared", -1),
                report.number("drift", -1),
                report.number("pending", -1),
                report.number("parked", -1));
    }
}
