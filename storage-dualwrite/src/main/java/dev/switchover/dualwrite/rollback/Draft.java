package dev.switchover.dualwrite.rollback;

import dev.switchover.dualwrite.guard.Verdict;
import dev.switchover.dualwrite.reconcile.Counts;
import dev.switchover.dualwrite.reconcile.Difference.Kind;
import dev.switchover.dualwrite.reconcile.Verification;
import dev.switchover.dualwrite.reconcile.Verification.Why;
import dev.switchover.dualwrite.rollback.RollbackReport.Outcome;
import dev.switchover.dualwrite.verify.Finding;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A report that is being put together. Used by one thread. */
final class Draft {

    private static final int NAMED = 100;

    private final Instant at;
    private final String collection;
    private final Store target;
    private final Phase phase;
    private final Store authority;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final Map<Kind, Long> kinds = new EnumMap<>(Kind.class);
    private final Map<Why, Long> reasons = new EnumMap<>(Why.class);
    private @Nullable Verdict verdict;
    private @Nullable StartRefusedException refusal;
    private @Nullable Estimate estimate;
    private long lacking = -1;
    private long told;

    Draft(Instant at, String collection, Store target, Phase phase, Store authority) {
        this.at = at;
        this.collection = collection;
        this.target = target;
        this.phase = phase;
        this.authority = authority;
    }

    void verdict(Verdict given) {
        verdict = given;
        if (given instanceof Verdict.Refuse refuse) {
            refused(refuse.toException(collection));
        }
        if (given instanceof Verdict.Serve serve && serve.authority() == target) {
            lacking = 0;
        }
    }

    void refused(StartRefusedException why) {
        refusal = why;
    }

    void unknown(String what) {
        unknown.add(what);
    }

    void finding(Finding finding) {
        told++;
        kinds.merge(finding.kind(), 1L, Long::sum);
        reasons.merge(finding.why(), 1L, Long::sum);
        if (findings.size() < NAMED) {
            findings.add(finding);
        }
    }

    void compared(Verification found) {
        lacking = found.different();
    }

    void estimate(Estimate made) {
        estimate = made;
    }

    private Outcome outcome() {
        if (refusal != null) {
            return Outcome.REFUSED;
        }
        if (verdict instanceof Verdict.Serve) {
            return Outcome.SERVES;
        }
        if (authority == target) {
            return Outcome.SERVES;
        }
        if (lacking < 0) {
            // A first contact with an empty store copies everything there is; that is known without looking.
            return unknown.isEmpty() ? Outcome.CATCHES_UP : Outcome.UNKNOWN;
        }
        return lacking == 0 ? Outcome.READY : Outcome.CATCHES_UP;
    }

    RollbackReport finish() {
        StartRefusedException refused = refusal;
        Estimate estimated = estimate;
        return new RollbackReport(
                at,
                collection,
                target,
                phase,
                authority,
                outcome(),
                refused == null ? null : refused.code(),
                refused == null ? List.of() : refused.facts(),
                refused == null ? null : refused.remedy(),
                lacking,
                new Counts(
                        0,
                        kinds.getOrDefault(Kind.MISSING, 0L),
                        kinds.getOrDefault(Kind.EXTRA, 0L),
                        kinds.getOrDefault(Kind.CONTENT, 0L),
                        kinds.getOrDefault(Kind.ORDER, 0L),
                        kinds.getOrDefault(Kind.UNREADABLE, 0L),
                        0),
                reasons.getOrDefault(Why.PENDING, 0L),
                reasons.getOrDefault(Why.PARKED, 0L),
                reasons.getOrDefault(Why.DRIFT, 0L),
                findings,
                lacking >= 0 && told == findings.size(),
                estimated == null ? null : estimated.total(),
                estimated == null ? null : estimated.unwritable(),
                estimated == null ? null : estimated.basis(),
                unknown);
    }
}
