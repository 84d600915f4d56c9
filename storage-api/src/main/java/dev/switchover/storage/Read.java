package dev.switchover.storage;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer together with its freshness.
 *
 * @param value what was read
 * @param copyTime null when the primary answered; otherwise the answer came from the JSON copy because the database
 *     was unreachable, and this is the time of the copy: what was written later may be missing
 */
public record Read<R>(R value, @Nullable Instant copyTime) {

    public boolean stale() {
        return copyTime != null;
    }

    /** The time of the copy the answer came from, or empty when it is not stale. */
    public Optional<Instant> staleAsOf() {
        return Optional.ofNullable(copyTime);
    }
}
