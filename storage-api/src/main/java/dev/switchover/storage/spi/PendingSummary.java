package dev.switchover.storage.spi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How much has not reached the mirror. {@code count} leaves out what is parked. */
public record PendingSummary(long count, @Nullable Instant oldest, long parked) {

    public static final PendingSummary NONE = new PendingSummary(0, null, 0);
}
