package dev.switchover.dualwrite.verify;

import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.dualwrite.reconcile.Verification;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.report.Reports;
import dev.switchover.dualwrite.view.Authority;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Compares both stores while they are written, tells drift from what is under way, and keeps what it found. Memory does not grow
 * with the collection. Thread-safe.
 */
public final class Verify {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.verify");

    /** How long ids that are pending, or keep changing, are looked at again. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Of each kind of explanation, in a report. */
    private static final int NAMED = 100;

    private final Reconciler reconciler = new Reconciler();
    private final Reports reports;
    private final Clock clock;

    public Verify(Reports reports, Clock clock) {
        this.reports = reports;
        this.clock = clock;
    }

    /**
     * Verifies one collection.
     *
     * @param findings is handed each finding when it is made, on this thread
     * @throws dev.switchover.storage.StoreUnavailableException if a store does not answer, or JSON's directory was lost meanwhile:
     *     then nothing is kept
     */
    public VerificationReport run(
            StoreView json,
            StoreView postgresql,
            CollectionSchema<?, ?> schema,
            Progress progress,
            Consumer<? super Finding> findings) {
        VerificationReport report = compare(json, postgresql, schema, progress, findings, reconciler::verify);
        reports.add(new Report(Report.VERIFY, schema.name(), report.at(), report.toJson()));
        tell(report);
        return report;
    }

    /**
     * The same by id, version and order only. It cannot see what left those as they were: a change made round the library, a damaged body.
     * So it is not kept, nor does it count as a verification.
     */
    public VerificationReport quickly(
            StoreView json,
            StoreView postgresql,
            CollectionSchema<?, ?> schema,
            Progress progress,
            Consumer<? super Finding> findings) {
        return compare(json, postgresql, schema, progress, findings, reconciler::verifyVersions);
    }

    @FunctionalInterface
    private interface Comparison {
        Verification of(
                StoreView primary,
                StoreView mirror,
                CollectionSchema<?, ?> schema,
                Duration patience,
                Progress progress,
                Consumer<? super Verification.Finding> findings);
    }

    private VerificationReport compare(
            StoreView json,
            StoreView postgresql,
            CollectionSchema<?, ?> schema,
            Progress progress,
            Consumer<? super Finding> findings,
            Comparison comparison) {
        long began = System.nanoTime();
        json.refresh();
        LedgerEntry inJson = json.entry(schema).orElse(null);
        LedgerEntry inDatabase = postgresql.entry(schema).orElse(null);
        Store primary = Authority.of(inJson, inDatabase, Store.JSON);
        StoreView right = primary == Store.JSON ? json : postgresql;
        StoreView other = primary == Store.JSON ? postgresql : json;
        Verification found = comparison.of(
                right, other, schema, PATIENCE, progress, finding -> findings.accept(Finding.of(finding)));
        json.requireCurrent();
        Optional<LedgerEntry> entry = Optional.ofNullable(primary == Store.JSON ? inJson : inDatabase);
        return report(
                found,
                primary,
                entry.map(LedgerEntry::mirroring),
                Duration.ofNanos(System.nanoTime() - began).truncatedTo(ChronoUnit.MILLIS));
    }

    private VerificationReport report(Verification found, Store primary, Optional<Mirroring> mirroring, Duration took) {
        List<Finding> first = new ArrayList<>();
        found.drift().stream().limit(NAMED).map(Finding::of).forEach(first::add);
        found.explained().stream().limit(NAMED).map(Finding::of).forEach(first::add);
        long different = found.different();
        return new VerificationReport(
                clock.instant(),
                found.collection(),
                primary,
                mirroring.orElse(null),
                took,
                found.counts().equal() + different,
                found.counts().equal(),
                found.counts().different(),
                found.pending(),
                found.parked(),
                found.notMirrored(),
                found.counts(),
                first,
                first.size() == different);
    }

    private static void tell(VerificationReport report) {
        if (report.clean()) {
            about(LOG.atInfo(), report).log("Verified {}", report);
        } else {
            String first = report.findings().get(0).toString();
            about(LOG.atWarn(), report)
                    .log("Verified {}; the first: {}. Repair makes the stores equal again", report, first);
        }
    }

    private static LoggingEventBuilder about(LoggingEventBuilder line, VerificationReport report) {
        return line.addKeyValue("collection", report.collection())
                .addKeyValue("compared", report.compared())
                .addKeyValue("drift", report.drift());
    }

    /** The newest first. */
    public List<Report> history(CollectionSchema<?, ?> schema, int atMost) {
        return reports.last(Report.VERIFY, schema.name(), atMost);
    }
}
