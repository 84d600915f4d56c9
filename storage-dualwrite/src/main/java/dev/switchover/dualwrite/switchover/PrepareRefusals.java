package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.preflight.Finding;
import dev.switchover.dualwrite.preflight.RecordSurvey;
import dev.switchover.json.recovery.FileLook;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import java.util.ArrayList;
import java.util.List;

/** Why a change of authority is not begun: code, facts, remedy. */
final class PrepareRefusals {

    private PrepareRefusals() {}

    static StartRefusedException preflightFailed(String collection, Store from, RecordSurvey survey) {
        List<String> facts = new ArrayList<>();
        facts.add("collection " + collection);
        facts.add(survey.refused() + " records of " + from.label() + " could not be held exactly by both stores");
        for (Finding finding : survey.first()) {
            facts.add("id " + finding.id() + (finding.path().isEmpty() ? "" : " at " + finding.path()) + ": "
                    + finding.reason());
        }
        if (survey.refused() > survey.first().size()) {
            facts.add("…");
        }
        facts.add("nothing was sealed, " + from.label() + " is the authority as before");
        return new StartRefusedException(
                "PREFLIGHT-FAILED",
                facts,
                "Mend or delete them in the phase before, then start again. Switchover.builder()….preflight() lists all of them.",
                null);
    }

    /** A JSON store that cannot read its own file at the next start could not be left any more. */
    static StartRefusedException fileTooLarge(String collection, RoomNeeded needed) {
        return new StartRefusedException(
                "FILE-TOO-LARGE",
                List.of(
                        "collection " + collection,
                        "its JSON file would have about " + needed.file() + " bytes, and may have "
                                + FileLook.LARGEST_FILE,
                        "nothing was sealed, PostgreSQL is the authority as before"),
                "Split the collection, or stay in a database phase.",
                null);
    }

    static StartRefusedException diskSpace(String collection, long usable, RoomNeeded needed) {
        return new StartRefusedException(
                "DISK-SPACE",
                List.of(
                        "collection " + collection,
                        "JSON is to take it over and has room for " + usable + " bytes more",
                        "it may need " + needed.bytes() + ": " + needed.file() + " for the next file, "
                                + needed.checkpoint() + " for its checkpoint, " + needed.journal()
                                + " for the journal, " + needed.aside() + " for what is saved aside",
                        "nothing was sealed, PostgreSQL is the authority as before"),
                "Make room where the directory is, then start again.",
                null);
    }
}
