package dev.switchover.dualwrite.rollback;

import dev.switchover.dualwrite.guard.Content;
import dev.switchover.dualwrite.guard.Guard;
import dev.switchover.dualwrite.guard.GuardOptions;
import dev.switchover.dualwrite.guard.Verdict;
import dev.switchover.dualwrite.plan.Outlook;
import dev.switchover.dualwrite.preflight.RecordSurvey;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.dualwrite.reconcile.Verification;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.report.Reports;
import dev.switchover.dualwrite.switchover.DiskSpace;
import dev.switchover.dualwrite.switchover.Foresight;
import dev.switchover.dualwrite.verify.Finding;
import dev.switchover.dualwrite.view.StoreSight;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a start with the authority on the other side would come to: asks the very guard, on what both ledgers say now, and
 * compares both stores, so that it is right in every phase, also where nothing was recorded as pending. Takes no lock, changes
 * nothing, may run beside the service. Memory does not grow with the collection. Thread-safe.
 */
public final class RollbackMeter {

    private final Reconciler reconciler = new Reconciler();
    private final DiskSpace space;
    private final Reports reports;
    private final Clock clock;

    public RollbackMeter(DiskSpace space, Reports reports, Clock clock) {
        this.space = space;
        this.reports = reports;
        this.clock = clock;
    }

    /**
     * Measures one collection.
     *
     * @param target the store that would become the authority
     * @param findings is handed each id that is lacking, on this thread
     */
    public RollbackReport measure(
            CollectionSchema<?, ?> schema,
            Store target,
            StoreSight json,
            StoreSight database,
            Progress progress,
            Consumer<? super Finding> findings) {
        Phase wanted = target == Store.JSON ? Phase.JSON_PRIMARY : Phase.DB_PRIMARY;
        Outlook outlook = Outlook.of(schema, wanted, json, database);
        Verdict verdict = Guard.decide(wanted, outlook.json(), outlook.database(), GuardOptions.NONE);
        Draft report = new Draft(clock.instant(), schema.name(), target, wanted, outlook.authority());
        report.verdict(verdict);
        outlook.unknown().forEach(report::unknown);
        StoreView right = outlook.view(outlook.authority());
        StoreView other = outlook.view(outlook.authority().other());
        if (outlook.authority() == target || right == null || other == null) {
            return report.finish();
        }
        try {
            compare(schema, right, other, verdict, report, progress, findings);
        } catch (StoreUnavailableException e) {
            report.unknown(e.store().label() + " went away while it was read: " + e.getMessage());
        }
        return report.finish();
    }

    private void compare(
            CollectionSchema<?, ?> schema,
            StoreView right,
            StoreView other,
            Verdict verdict,
            Draft report,
            Progress progress,
            Consumer<? super Finding> findings) {
        long began = System.nanoTime();
        RecordSurvey survey = RecordSurvey.of(right, schema);
        long surveyed = System.nanoTime();
        Verification found = reconciler.verify(right, other, schema, Duration.ZERO, progress, finding -> {
            Finding told = Finding.of(finding);
            report.finding(told);
            findings.accept(told);
        });
        Estimate.Measured measured = new Estimate.Measured(
                found.counts().equal() + found.different(),
                Duration.ofNanos(surveyed - began),
                Duration.ofNanos(System.nanoTime() - surveyed));
        report.compared(found);
        refusalBehindTheGuard(schema, right, verdict, survey, found).ifPresent(report::refused);
        report.estimate(Estimate.of(other.store(), measured, found.different(), earlierCopy(schema, other.store())));
    }

    /** What stops a start that the guard lets pass. */
    private Optional<StartRefusedException> refusalBehindTheGuard(
            CollectionSchema<?, ?> schema, StoreView from, Verdict verdict, RecordSurvey survey, Verification found) {
        if (verdict instanceof Verdict.Refuse) {
            return Optional.empty();
        }
        if (mustBeEqual(verdict) && found.different() > 0) {
            return Optional.of(Foresight.unknownContent(schema.name(), from.store(), found.toString()));
        }
        return Foresight.refusal(schema, from.store(), from.parked(schema), survey, found.different(), space.usable());
    }

    private static boolean mustBeEqual(Verdict verdict) {
        @Nullable
        Content content = verdict instanceof Verdict.FirstContact first
                ? first.other()
                : verdict instanceof Verdict.Join join ? join.content() : null;
        return content == Content.MUST_BE_EQUAL;
    }

    private Estimate.Copy earlierCopy(CollectionSchema<?, ?> schema, Store to) {
        return reports.last(Report.COPY, schema.name(), 10).stream()
                .filter(report -> report.text("to").equals(to.name()) && report.number("copied", 0) > 0)
                .findFirst()
                .map(report -> new Estimate.Copy(
                        report.at().toString(),
                        report.number("compared", 0),
                        report.number("copied", 0),
                        report.number("millis", 0)))
                .orElse(new Estimate.Copy("", 0, 0, 0));
    }
}
