package dev.switchover.dualwrite.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunDecisionTest {

    private static final Schedule DAILY = new Schedule.Daily(LocalTime.of(2, 0));
    private static final Instant LONG_AGO = Instant.parse("2025-01-01T00:00:00Z");

    private static Instant at(String dayAndTime) {
        return Instant.parse("2026-01-" + dayAndTime + ":00Z");
    }

    private static JobState job(Instant since, @Nullable Instant done) {
        return new JobState(1, since, done, done, null, 0, "");
    }

    private static JobState failed(Instant done, Instant failed, int failures) {
        return new JobState(1, LONG_AGO, done, done, failed, failures, "no room");
    }

    private static RunDecision decide(Instant now, JobState job) {
        return RunDecision.of(DAILY, ZoneOffset.UTC, now, job);
    }

    private static RunDecision run(String slot) {
        return new RunDecision.Run(at(slot));
    }

    private static RunDecision until(String moment) {
        return new RunDecision.Wait(at(moment));
    }

    @Test
    void aJobNobodyHasHeardOfWaitsForItsNextSlot() {
        assertThat(decide(at("05T10:00"), job(at("05T10:00"), null))).isEqualTo(until("06T02:00"));
        assertThat(decide(at("06T02:00"), job(at("05T10:00"), null))).isEqualTo(run("06T02:00"));
    }

    @Test
    void aSlotIsRunForOnce() {
        assertThat(decide(at("06T02:00"), job(LONG_AGO, at("05T02:00")))).isEqualTo(run("06T02:00"));
        assertThat(decide(at("06T02:00"), job(LONG_AGO, at("06T02:00")))).isEqualTo(until("07T02:00"));
    }

    @Test
    void manyMissedSlotsAreCaughtUpByOneRun() {
        assertThat(decide(at("15T10:00"), job(LONG_AGO, at("05T02:00")))).isEqualTo(run("15T02:00"));
        assertThat(decide(at("15T10:00"), job(LONG_AGO, at("15T02:00")))).isEqualTo(until("16T02:00"));
    }

    @Test
    void aFailedRunIsTriedAgainLaterAndLater() {
        Instant failed = at("06T02:00");
        assertThat(decide(at("06T02:00"), failed(at("05T02:00"), failed, 1))).isEqualTo(until("06T02:01"));
        assertThat(decide(at("06T02:01"), failed(at("05T02:00"), failed, 1))).isEqualTo(run("06T02:00"));
        assertThat(decide(at("06T02:01"), failed(at("05T02:00"), failed, 3))).isEqualTo(until("06T02:04"));
        assertThat(decide(at("06T02:01"), failed(at("05T02:00"), failed, 1_000_000)))
                .isEqualTo(until("06T03:00"));
    }

    @Test
    void aRunThatFailedYesterdayIsMadeForTodaysSlot() {
        assertThat(decide(at("07T10:00"), failed(at("05T02:00"), at("06T02:00"), 9)))
                .isEqualTo(run("07T02:00"));
    }

    @Test
    void aClockThatJumpsAheadMakesOneRunTooEarlyAndComesBackWithoutHarm() {
        Instant ahead = Instant.parse("2027-05-01T12:00:00Z");
        assertThat(decide(ahead, job(LONG_AGO, at("05T02:00"))))
                .isEqualTo(new RunDecision.Run(Instant.parse("2027-05-01T02:00:00Z")));
        // It noted a slot of next year. Back in January that counts for nothing.
        JobState noted = job(LONG_AGO, Instant.parse("2027-05-01T02:00:00Z"));
        assertThat(decide(at("05T10:00"), noted)).isEqualTo(run("05T02:00"));
        assertThat(decide(at("05T10:00"), job(LONG_AGO, at("05T02:00")))).isEqualTo(until("06T02:00"));
    }

    @Test
    void aJobFirstHeardOfByAClockThatWasAheadRuns() {
        assertThat(decide(at("05T10:00"), job(Instant.parse("2027-05-01T02:00:00Z"), null)))
                .isEqualTo(run("05T02:00"));
    }

    @Test
    void aFailureNotedInTheFutureHoldsUpNothing() {
        assertThat(decide(at("06T10:00"), failed(at("05T02:00"), Instant.parse("2027-05-01T02:00:00Z"), 3)))
                .isEqualTo(run("06T02:00"));
    }

    @Test
    void aClockThatJumpsBackDoesNotRunAgainWhatAnotherClockHasJustRunFor() {
        // Another instance, two minutes ahead, ran for 02:00 at 01:58 of this clock.
        assertThat(decide(at("06T01:58"), job(LONG_AGO, at("06T02:00")))).isEqualTo(until("06T02:00"));
        assertThat(decide(at("06T02:00"), job(LONG_AGO, at("06T02:00")))).isEqualTo(until("07T02:00"));
    }

    /** A minute a step for three days, with a clock that is now and then set back or ahead. */
    @Test
    void whateverTheClockDoesASlotIsNeverMissedForLongerThanADay() {
        Instant done = at("01T02:00");
        int runs = 0;
        Duration off = Duration.ZERO;
        for (int minute = 0; minute < 3 * 24 * 60; minute++) {
            if (minute == 1_000) {
                off = Duration.ofDays(400);
            } else if (minute == 1_100) {
                off = Duration.ofHours(-30);
            } else if (minute == 1_500) {
                off = Duration.ZERO;
            }
            Instant now = at("01T02:01").plus(Duration.ofMinutes(minute)).plus(off);
            if (decide(now, job(LONG_AGO, done)) instanceof RunDecision.Run run) {
                done = run.slot();
                runs++;
            }
        }
        assertThat(done).isEqualTo(at("04T02:00"));
        assertThat(runs).isBetween(3, 7);
    }
}
