package dev.switchover.dualwrite.schedule;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a job that runs on a schedule.
 *
 * @param token of its last lease; a lease is taken only if it is still this one
 * @param since when it was first heard of: slots before that are not caught up
 * @param doneSlot the newest slot it ran for; null if it never did
 * @param doneAt when that ended
 * @param failedAt when it failed last; null if it has not since it was done
 * @param failures how often in a row
 * @param message of the last failure
 */
public record JobState(
        long token,
        Instant since,
        @Nullable Instant doneSlot,
        @Nullable Instant doneAt,
        @Nullable Instant failedAt,
        int failures,
        String message) {}
