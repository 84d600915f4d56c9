package dev.switchover.dualwrite.rollback;

import dev.switchover.dualwrite.reconcile.Counts;
import dev.switchover.dualwrite.report.ReportJson;
import dev.switchover.dualwrite.verify.Finding;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would happen to one collection if this store became the authority now. Immutable; holds ids and paths, never values.
 *
 * @param target the store that would become the authority
 * @param phase the flags it was asked for
 * @param authority the store that is the authority now
 * @param outcome of a start in that phase, if the service stopped now
 * @param code of the refusal, as in docs/refusals.md; null unless it is refused
 * @param facts of the refusal, or what the start would do
 * @param remedy of the refusal, or null
 * @param lacking how many ids the target does not have as the authority has them, deletions included: what going back without the
 *     guard would lose. -1 if it cannot be known
 * @param kinds of these: missing in the target, {@code extra} deleted since, {@code content}, {@code order}
 * @param pending how many of them are recorded as pending
 * @param parked how many of them the target refuses
 * @param unexpected how many of them have no reason: drift
 * @param findings the first of them
 * @param complete whether {@code findings} has all of them
 * @param duration how long the start would take, or null if that cannot be estimated
 * @param unwritable how long of that nobody could write
 * @param basis what the estimate rests on, or null
 * @param unknown what could not be known, and why; empty if everything was seen
 */
public record RollbackReport(
        Instant at,
        String collection,
        Store target,
        Phase phase,
        Store authority,
        Outcome outcome,
        @Nullable String code,
        List<String> facts,
        @Nullable String remedy,
        long lacking,
        Counts kinds,
        long pending,
        long parked,
        long unexpected,
        List<Finding> findings,
        boolean complete,
        @Nullable Duration duration,
        @Nullable Duration unwritable,
        @Nullable String basis,
        List<String> unknown) {

    /** What a start would come to. */
    public enum Outcome {
        /** The target is the authority already: nothing would change. */
        SERVES,
        /** The target has everything: the authority changes, nothing has to be copied. */
        READY,
        /** What is lacking is carried over first, before the first request; nothing is lost. */
        CATCHES_UP,
        /** The start is refused; nothing is lost, and nothing changes. */
        REFUSED,
        /** It cannot be known from here. */
        UNKNOWN
    }

    public RollbackReport {
        facts = List.copyOf(facts);
        findings = List.copyOf(findings);
        unknown = List.copyOf(unknown);
    }

    /** Whether a start would serve, with everything. */
    public boolean safe() {
        return outcome == Outcome.SERVES || outcome == Outcome.READY || outcome == Outcome.CATCHES_UP;
    }

    /** As one JSON object. */
    public String toJson() {
        return ReportJson.write(this);
    }

    /** One line, for people. */
    @Override
    public String toString() {
        return collection + " to " + target.label() + ": " + outcome + (code == null ? "" : " (" + code + ")") + ", "
                + (lacking < 0 ? "it is not known how much" : lacking + " ids") + " lacking there"
                + (duration == null ? "" : ", about " + duration.toMillis() + " ms");
    }
}
