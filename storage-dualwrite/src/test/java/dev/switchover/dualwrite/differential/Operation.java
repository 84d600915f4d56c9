package dev.switchover.dualwrite.differential;

import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One step of a history, as data: it can be printed, played again, and left out. */
sealed interface Operation {

    /** An id: the caller's, or the one a store made when it played the creation with this slot. */
    record IdRef(@Nullable Object given, int slot) {
        @Override
        public String toString() {
            return given == null ? "made " + slot : String.valueOf(given);
        }
    }

    /** A record to be; {@code id} null has the store make one and keeps it under {@code slot}. */
    record Draft(Map<String, Object> values, @Nullable IdRef id, int slot) {}

    enum Way {
        LIST,
        STREAM,
        COUNT
    }

    record Create(String collection, Draft draft) implements Operation {}

    record Save(String collection, Draft draft) implements Operation {}

    /** Expects the version remembered last, or that there is no record. */
    record SaveIf(String collection, Draft draft, boolean remembered) implements Operation {}

    record SaveAll(String collection, List<Draft> drafts) implements Operation {

        /** Whether the id is there before this very operation makes it. */
        boolean makes(@Nullable IdRef id) {
            return id != null
                    && id.given() == null
                    && drafts.stream().anyMatch(draft -> draft.id() == null && draft.slot() == id.slot());
        }
    }

    record Update(String collection, IdRef id, Map<String, Object> changes) implements Operation {}

    record Delete(String collection, IdRef id) implements Operation {}

    record DeleteIf(String collection, IdRef id, boolean remembered) implements Operation {}

    record DeleteAll(String collection, List<IdRef> ids) implements Operation {}

    record Find(String collection, IdRef id) implements Operation {}

    record Exists(String collection, IdRef id) implements Operation {}

    /** Reads with the version and remembers it. */
    record Remember(String collection, IdRef id) implements Operation {}

    record Ask(String collection, Query query, Way way) implements Operation {}

    record FirstPage(String collection, Query query) implements Operation {}

    /** Goes on behind the last page of this collection, whatever has happened since. */
    record NextPage(String collection) implements Operation {}

    /** A text from outside, as a file would bring it. */
    record RawPut(String collection, IdRef id, Json.Obj body, boolean spaced) implements Operation {}

    record ReadEnvelope(String collection) implements Operation {}

    record WriteEnvelope(String collection, String text) implements Operation {

        /** Without the white space that only an empty container can have. */
        String tight() {
            return text.replace("{ }", "{}");
        }
    }

    record Unit(List<Operation> steps, boolean fails) implements Operation {}

    /** Every text that is stored, in order. */
    record Audit(String collection) implements Operation {}

    record Reopen() implements Operation {}

    /** Only those that have phases do more than reopen. */
    record Flip(Phase phase, Map<String, Phase> scoped) implements Operation {}
}
