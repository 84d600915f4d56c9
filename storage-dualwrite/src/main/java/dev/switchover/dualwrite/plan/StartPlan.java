package dev.switchover.dualwrite.plan;

import dev.switchover.storage.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a start with some flags would do, as both stores are now. Immutable; holds no record values.
 *
 * @param holder who seems to hold the directory: that process has to let go of it first; null if nobody does
 */
public record StartPlan(@Nullable String holder, List<Collection> collections) {

    public StartPlan {
        collections = List.copyOf(collections);
    }

    /** What is begun with; more may follow. */
    public enum Step {
        /** The wanted store is the authority already. */
        SERVE,
        /** Reads are served from JSON until the database answers. */
        SERVE_STALE,
        /** No ledger is there yet: one is made. */
        FIRST_CONTACT,
        /** A store that was never seen becomes the mirror. */
        JOIN,
        /** The authority goes from one store to the other. */
        CHANGE_AUTHORITY,
        /** A change of authority that was begun is finished. */
        FINISH,
        /** A change of authority that was begun is taken back. */
        REOPEN,
        /** A change of authority that is done is confirmed. */
        CONFIRM,
        /** What only the store that was left behind by force has is saved aside. */
        TAKE_BACK,
        /** A store becomes the authority because the operator said so. */
        FORCE,
        /** The start is refused. */
        REFUSE
    }

    /**
     * One collection.
     *
     * @param flags each flag, its value and where it came from
     * @param code of the refusal, as in docs/refusals.md; null if there is none
     * @param summary what happens, in a sentence or two
     * @param facts what was seen
     * @param remedy of the refusal
     */
    public record Collection(
            String name,
            Phase phase,
            List<String> flags,
            Step step,
            @Nullable String code,
            String summary,
            List<String> facts,
            @Nullable String remedy) {

        public Collection {
            flags = List.copyOf(flags);
            facts = List.copyOf(facts);
        }

        public boolean refused() {
            return step == Step.REFUSE;
        }
    }

    /** Whether some collection would be refused, and with it the start. */
    public boolean refused() {
        return collections.stream().anyMatch(Collection::refused);
    }
}
