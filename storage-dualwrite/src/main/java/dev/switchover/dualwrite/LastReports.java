package dev.switchover.dualwrite;

import dev.switchover.dualwrite.StorageStatus.LastVerification;
import dev.switchover.dualwrite.report.Report;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When work on a collection was last done, and what the last verification found; each null if never. */
record LastReports(
        @Nullable LastVerification verification,
        @Nullable Instant repair,
        @Nullable Instant export,
        @Nullable Instant backup) {

    static LastVerification verification(Report report) {
        return new LastVerification(
                report.at(),
                report.number("compared", -1),
                report.number("drift", -1),
                report.number("pending", -1),
                report.number("parked", -1));
    }

    LastReports withExport(@Nullable Instant time) {
        return new LastReports(verification, repair, time, backup);
    }

    LastReports withBackup(@Nullable Instant time) {
        return new LastReports(verification, repair, export, time);
    }

    /** Of each the later one. */
    LastReports or(LastReports other) {
        return new LastReports(
                Stream.of(this, other)
                        .map(LastReports::verification)
                        .flatMap(Stream::ofNullable)
                        .max(Comparator.comparing(LastVerification::at))
                        .orElse(null),
                later(repair, other.repair),
                later(export, other.export),
                later(backup, other.backup));
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return Stream.of(one, other)
                .flatMap(Stream::ofNullable)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }
}
