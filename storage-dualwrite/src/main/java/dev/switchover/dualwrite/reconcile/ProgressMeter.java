package dev.switchover.dualwrite.reconcile;

import java.time.Duration;
import java.util.OptionalLong;

/** Counts records and tells a {@link Progress} now and then. Used by one thread. */
final class ProgressMeter {

    private static final long INTERVAL = Duration.ofMillis(500).toNanos();
    private static final int LOOK_AT_THE_CLOCK_EVERY = 256;

    private final Progress progress;
    private final String collection;
    private final OptionalLong total;
    private final long began = System.nanoTime();
    private long reported = began;
    private long done;

    ProgressMeter(Progress progress, String collection, OptionalLong total) {
        this.progress = progress;
        this.collection = collection;
        this.total = total;
    }

    void one() {
        done++;
        if (done % LOOK_AT_THE_CLOCK_EVERY == 0 && System.nanoTime() - reported >= INTERVAL) {
            report(false);
        }
    }

    void finish() {
        report(true);
    }

    private void report(boolean finished) {
        reported = System.nanoTime();
        double seconds = Math.max(reported - began, 1) / 1e9;
        progress.at(new Progress.Step(collection, done, total, done / seconds, finished));
    }
}
