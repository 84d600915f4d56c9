package dev.switchover.dualwrite.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * Whether a job is to run now. Pure: the time is handed in.
 *
 * <p>Slots that were missed are caught up by one run. A clock that jumps ahead makes one run too early; when it has come back, what it
 * noted in the future counts for nothing, so nothing is left out for longer than until the next slot.
 */
public sealed interface RunDecision {

    /** How far the clocks of two instances may differ without a slot being run for twice. */
    Duration TOLERANCE = Duration.ofMinutes(10);

    Duration FIRST_RETRY = Duration.ofMinutes(1);
    Duration LONGEST_RETRY = Duration.ofHours(1);

    /** Run, for this slot. */
    record Run(Instant slot) implements RunDecision {}

    /** Not before this moment. */
    record Wait(Instant until) implements RunDecision {}

    static RunDecision of(Schedule schedule, ZoneId zone, Instant now, JobState job) {
        Instant slot = schedule.latest(now, zone);
        Instant next = schedule.next(now, zone);
        Instant done = job.doneSlot();
        boolean ran;
        if (done != null && isPlausible(done, now)) {
            ran = !slot.isAfter(done);
        } else {
            // Never, or by a clock that was ahead. One that was first heard of just now has nothing to catch up.
            ran = done == null && isPlausible(job.since(), now) && !slot.isAfter(job.since());
        }
        if (ran) {
            return new Wait(next);
        }
        Instant failed = job.failedAt();
        if (failed != null && isPlausible(failed, now)) {
            Instant again = failed.plus(pause(job.failures()));
            if (now.isBefore(again)) {
                return new Wait(again);
            }
        }
        return new Run(slot);
    }

    private static boolean isPlausible(Instant noted, Instant now) {
        return !noted.isAfter(now.plus(TOLERANCE));
    }

    private static Duration pause(int failures) {
        int doublings = Math.min(Math.max(failures - 1, 0), 10);
        Duration pause = FIRST_RETRY.multipliedBy(1L << doublings);
        return pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
    }
}
