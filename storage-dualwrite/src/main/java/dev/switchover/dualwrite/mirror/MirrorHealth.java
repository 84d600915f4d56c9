package dev.switchover.dualwrite.mirror;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether writers wait for a mirror, when a failed one is tried again, and what an outage says in the log. An outage
 * lasts from the first failure until nothing older is pending any more. Does no I/O. Thread-safe.
 */
final class MirrorHealth {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final long SUMMARY_EVERY = Duration.ofMinutes(1).toNanos();

    /** What is to be said about a failure. */
    enum Notice {
        NOTHING,
        /** The outage begins. */
        FIRST,
        /** It goes on, and a minute has passed since something was said. */
        SUMMARY
    }

    /** @param failures attempts and waits that failed */
    record Outage(Duration lasted, long failures, String reason) {}

    private final LongSupplier nanos;
    private final Clock clock;
    private final DoubleSupplier jitter;
    private final long longestPause;

    private MirrorCondition condition = MirrorCondition.STARTING;
    private Instant since;
    private @Nullable Instant lastInSync;
    private @Nullable String lastError;
    private String lastCause = "";

    private boolean outage;
    private boolean recordNamed;
    private long outageBegan;
    private long saidAt;
    private long failures;
    private int attempts;
    private long nextAttempt;

    /** @param jitter numbers from 0 to 1 */
    MirrorHealth(LongSupplier nanos, Clock clock, DoubleSupplier jitter, Duration longestPause) {
        this.nanos = nanos;
        this.clock = clock;
        this.jitter = jitter;
        this.longestPause = longestPause.toNanos();
        this.since = clock.instant();
        this.nextAttempt = nanos.getAsLong();
    }

    synchronized MirrorCondition condition() {
        return condition;
    }

    synchronized Instant since() {
        return since;
    }

    synchronized @Nullable Instant lastInSync() {
        return condition == MirrorCondition.IN_SYNC ? clock.instant() : lastInSync;
    }

    synchronized @Nullable String lastError() {
        return lastError;
    }

    synchronized boolean writersWait() {
        return condition == MirrorCondition.IN_SYNC;
    }

    /** The stores were reached and agree on their histories. */
    synchronized void sessionBegan() {
        become(MirrorCondition.CATCHING_UP);
    }

    /** Something is pending that nobody hands over. */
    synchronized void fellBehind() {
        if (condition == MirrorCondition.IN_SYNC) {
            become(MirrorCondition.CATCHING_UP);
        }
    }

    /** A writer waited in vain, and names its record if that is the first failure. The worker may still be at it: no pause. */
    synchronized Notice timedOut(String reason) {
        if (condition != MirrorCondition.IN_SYNC) {
            return Notice.NOTHING;
        }
        become(MirrorCondition.DEGRADED);
        nextAttempt = nanos.getAsLong();
        return fail(reason, reason, true);
    }

    /**
     * An attempt failed; the next one comes after a pause.
     *
     * @param namesRecord whether the caller names a record if this is the first failure, so that nobody else does
     */
    synchronized Notice failed(String reason, boolean namesRecord) {
        return failed(reason, reason, namesRecord);
    }

    /** @param cause the reason in a few words, for the line that names a record */
    synchronized Notice failed(String reason, String cause, boolean namesRecord) {
        become(MirrorCondition.DEGRADED);
        long pause = Math.min(FIRST_PAUSE.toNanos() << Math.min(attempts, 20), longestPause);
        attempts++;
        nextAttempt = nanos.getAsLong() + (long) (pause * (0.5 + jitter.getAsDouble() / 2));
        return fail(reason, cause, namesRecord);
    }

    private Notice fail(String reason, String cause, boolean namesRecord) {
        long now = nanos.getAsLong();
        lastError = reason;
        lastCause = cause;
        failures++;
        if (!outage) {
            outage = true;
            recordNamed = namesRecord;
            outageBegan = now;
            saidAt = now;
            return Notice.FIRST;
        }
        if (now - saidAt >= SUMMARY_EVERY) {
            saidAt = now;
            return Notice.SUMMARY;
        }
        return Notice.NOTHING;
    }

    /** Whether a record is to be named now as one the outage concerns: once in an outage. Returns its cause. */
    synchronized Optional<String> nameRecord() {
        if (!outage || recordNamed) {
            return Optional.empty();
        }
        recordNamed = true;
        return Optional.of(lastCause);
    }

    /** Something reached the mirror, so the next failure is tried again soon. */
    synchronized void progressed() {
        attempts = 0;
    }

    /** Nothing older is pending. Returns the outage that ends by it. */
    synchronized Optional<Outage> drained() {
        become(MirrorCondition.IN_SYNC);
        attempts = 0;
        Optional<Outage> ended = outage ? Optional.of(present()) : Optional.empty();
        outage = false;
        failures = 0;
        return ended;
    }

    synchronized void stopped() {
        become(MirrorCondition.STOPPED);
    }

    synchronized Outage present() {
        return new Outage(Duration.ofNanos(nanos.getAsLong() - outageBegan), failures, String.valueOf(lastError));
    }

    synchronized Duration untilNextAttempt() {
        return Duration.ofNanos(Math.max(0, nextAttempt - nanos.getAsLong()));
    }

    private void become(MirrorCondition next) {
        if (condition == next) {
            return;
        }
        if (condition == MirrorCondition.IN_SYNC) {
            lastInSync = clock.instant();
        }
        condition = next;
        since = clock.instant();
    }
}
