package dev.switchover.dualwrite.request;

import dev.switchover.storage.Store;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How far a request has come, as its holder told last.
 *
 * @param holder who answers: random for each process that serves requests
 * @param done records, or steps, that are done
 * @param total how many there are, if that is known
 * @param message what is being done, or why it failed and what to do; never values of records
 * @param result JSON text of what came of it; empty until it is done
 * @param away the store that does not answer, where it failed for that; otherwise null
 */
public record Answer(
        String holder,
        State state,
        long done,
        OptionalLong total,
        String message,
        String result,
        Instant at,
        @Nullable Store away) {

    Answer(String holder, State state, long done, OptionalLong total, String message, String result, Instant at) {
        this(holder, state, done, total, message, result, at, null);
    }

    public enum State {
        /** The holder has it and will begin. */
        ACCEPTED,
        /** It is being carried out. */
        RUNNING,
        /** It has been carried out. */
        DONE,
        /** It has not been carried out, or what came of it cannot be told; the message says why. */
        FAILED
    }

    /** The same, told once more. */
    Answer repeatedAt(Instant now) {
        return new Answer(holder, state, done, total, message, result, now, away);
    }

    /** Whether nothing more will come. */
    public boolean isFinal() {
        return state == State.DONE || state == State.FAILED;
    }
}
