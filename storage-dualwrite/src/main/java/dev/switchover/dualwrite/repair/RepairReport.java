package dev.switchover.dualwrite.repair;

import dev.switchover.dualwrite.report.ReportJson;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.storage.Store;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a repair of one collection did, or would do. Immutable; holds ids and paths, never values.
 *
 * @param primary the store that is right; the other one is repaired
 * @param done false for a plan: nothing was changed
 * @param refusal why nothing can be repaired, or null: a code, then words
 * @param repaired ids that were, or would be, carried over again from the primary
 * @param deleted of these: ids that only the other store has, and that are deleted there
 * @param leftExtra ids that only the other store has and that stay, for nobody said that they are to be deleted
 * @param leftUnreadable ids that stay as they are, for what is stored there cannot be saved aside
 * @param savedAside records of the other store that were saved before they are overwritten
 * @param file where, or null
 * @param inStep whether the other store had them all when the repair ended; otherwise they are pending
 * @param drift ids that drift now, as everything was compared again afterwards; of a plan those that drift, -1 if nothing was done
 * @param found what the plan rests on: everything was compared just before
 */
public record RepairReport(
        Instant at,
        String collection,
        Store primary,
        boolean done,
        @Nullable String refusal,
        long repaired,
        long deleted,
        long leftExtra,
        long leftUnreadable,
        long savedAside,
        @Nullable String file,
        boolean inStep,
        long drift,
        @Nullable VerificationReport found) {

    /** As one JSON object. */
    public String toJson() {
        return ReportJson.write(this);
    }

    /** The report in this text. */
    public static RepairReport fromJson(String json) {
        return ReportJson.read(json, RepairReport.class);
    }

    /** One line, for people. */
    @Override
    public String toString() {
        if (refusal != null) {
            return collection + ": nothing is repaired. " + refusal;
        }
        return collection + ": " + repaired + " ids " + (done ? "were" : "would be") + " carried over from "
                + primary.label() + ", " + deleted + " of them deleted in "
                + primary.other().label() + "; " + leftExtra + " that only it has are left"
                + (savedAside == 0 ? "" : "; " + savedAside + " records are saved in " + file)
                + (done && !inStep ? "; they are pending" : "")
                + (done && drift > 0 ? "; " + drift + " ids drift still" : "");
    }
}
