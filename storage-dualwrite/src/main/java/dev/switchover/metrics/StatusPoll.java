package dev.switchover.metrics;

import dev.switchover.dualwrite.StorageStatus;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One status for all gauges that are read together. Thread-safe. */
final class StatusPoll {

    private static final long FRESH = Duration.ofSeconds(1).toNanos();

    private final Supplier<StorageStatus> source;
    private @Nullable StorageStatus last;
    private long readAt;

    StatusPoll(Supplier<StorageStatus> source) {
        this.source = source;
    }

    /** At most a second old. */
    synchronized StorageStatus read() {
        StorageStatus known = last;
        if (known == null || System.nanoTime() - readAt >= FRESH) {
            known = source.get();
            last = known;
            readAt = System.nanoTime();
        }
        return known;
    }
}
