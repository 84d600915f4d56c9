package dev.switchover.dualwrite.backup;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A write that failed and was saved aside.
 *
 * @param state whether it waits to be applied
 * @param writes what it would do: {@code PUT 7 of expenses}; never values
 * @param maybeDone whether the write may have happened although the caller was told that it failed: look first
 * @param problem why it cannot be read; null if it can
 */
public record EmergencyFile(
        String name,
        String path,
        State state,
        @Nullable Instant time,
        List<String> writes,
        boolean maybeDone,
        @Nullable String problem) {

    public enum State {
        /** Nobody has applied it. */
        WAITING,
        /** Somebody began to apply it and did not end: look whether it happened. */
        BEGUN,
        APPLIED
    }

    public EmergencyFile {
        writes = List.copyOf(writes);
    }

    public String toJson() {
        return Json.write(this);
    }
}
