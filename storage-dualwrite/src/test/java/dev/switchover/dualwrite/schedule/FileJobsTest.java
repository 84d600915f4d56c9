package dev.switchover.dualwrite.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.storage.RequestFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One process after the other on a directory, with the jobs in a file of it. */
@Timeout(120)
class FileJobsTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Schedule DAILY = new Schedule.Daily(LocalTime.of(2, 0));
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Instant SLOT = Instant.parse("2026-01-06T02:00:00Z");

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final AtomicBoolean holds = new AtomicBoolean(true);
    private final AtomicInteger runs = new AtomicInteger();
    private final List<ScheduleRunner> runners = new ArrayList<>();

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    };

    @BeforeEach
    void hidden() throws IOException {
        Files.createDirectory(directory.resolve(".switchover"));
    }

    @AfterEach
    void close() {
        runners.forEach(ScheduleRunner::close);
    }

    private FileJobs ledger() {
        return new FileJobs(directory, holds::get);
    }

    private JobState job() {
        return ledger().read("backup", now.get());
    }

    /** What a process would do that starts now. */
    private RunDecision nextProcess() {
        return RunDecision.of(DAILY, ZoneOffset.UTC, now.get(), job());
    }

    private ScheduleRunner process(ScheduledJob.Work work) {
        ScheduledJob job = new ScheduledJob("backup", DAILY, ZoneOffset.UTC, work);
        ScheduleRunner runner =
                new ScheduleRunner(List.of(job), ledger(), clock, Duration.ofSeconds(5), Duration.ofMillis(20));
        runners.add(runner);
        runner.start();
        return runner;
    }

    @Test
    void eachSlotIsRunForOnceWhicheverProcessHasTheDirectory() {
        job();
        for (Instant slot : List.of(SLOT, SLOT.plus(Duration.ofDays(1)), SLOT.plus(Duration.ofDays(2)))) {
            now.set(slot.plusSeconds(1));
            ScheduleRunner process = process(lease -> runs.incrementAndGet());
            await().atMost(LONG).until(() -> slot.equals(job().doneSlot()));
            process.close();
            assertThat(nextProcess()).isInstanceOf(RunDecision.Wait.class);
        }
        assertThat(runs).hasValue(3);
    }

    @Test
    void whatWasMissedWhileNobodyRanIsCaughtUpOnce() {
        job();
        now.set(NOON.plus(Duration.ofDays(40)));
        process(lease -> runs.incrementAndGet());
        await().atMost(LONG).until(() -> job().doneSlot() != null);
        assertThat(nextProcess()).isInstanceOf(RunDecision.Wait.class);
        assertThat(runs).hasValue(1);
    }

    @Test
    void aJobThatWasKilledIsRunAgain() {
        job();
        now.set(SLOT);
        assertThat(ledger().take("backup", job().token(), Duration.ofMinutes(1)))
                .isPresent();
        process(lease -> runs.incrementAndGet());
        await().atMost(LONG).until(() -> SLOT.equals(job().doneSlot()));
        assertThat(runs).hasValue(1);
    }

    @Test
    void whoDoesNotHaveTheDirectoryRunsNothingAndIsFenced() {
        long token =
                ledger().take("backup", job().token(), Duration.ofMinutes(1)).orElseThrow();
        holds.set(false);
        FileJobs without = ledger();
        assertThat(without.take("backup", token, Duration.ofMinutes(1))).isEmpty();
        assertThat(without.renew("backup", token, Duration.ofMinutes(1))).isFalse();
        assertThat(without.done("backup", token, SLOT, SLOT)).isFalse();
        assertThat(without.failed("backup", token, SLOT, "late")).isFalse();
        assertThat(job().doneSlot()).isNull();
        holds.set(true);
        OptionalLong next = ledger().take("backup", token, Duration.ofMinutes(1));
        assertThat(ledger().renew("backup", token, Duration.ofMinutes(1)))
                .as("somebody else has run it since")
                .isFalse();
        assertThat(ledger().renew("backup", next.orElseThrow(), Duration.ofMinutes(1)))
                .isTrue();
    }

    @Test
    void aFailureIsKeptAcrossProcessesAndTriedAgainLater() {
        job();
        now.set(SLOT);
        ScheduleRunner first = process(lease -> {
            throw new RequestFailedException("backup", "there is no room");
        });
        await().atMost(LONG).until(() -> job().failures() == 1);
        first.close();
        assertThat(job().message()).isEqualTo("there is no room");
        assertThat(nextProcess()).isEqualTo(new RunDecision.Wait(SLOT.plusSeconds(60)));
        now.set(SLOT.plusSeconds(60));
        process(lease -> runs.incrementAndGet());
        await().atMost(LONG).until(() -> SLOT.equals(job().doneSlot()));
        assertThat(job().failures()).isZero();
    }

    @Test
    void aClockThatJumpsAheadAndComesBackLeavesOutNoSlot() {
        job();
        now.set(SLOT.plus(Duration.ofDays(3_000)));
        process(lease -> runs.incrementAndGet());
        await().atMost(LONG).until(() -> job().doneSlot() != null);
        now.set(SLOT.plusSeconds(1));
        await().atMost(LONG).until(() -> SLOT.equals(job().doneSlot()));
        assertThat(runs).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"backup\":{\"token\":1,\"since\":\"whe", "[]", "{\"backup\":{\"since\":\"never\"}}"})
    void aDamagedFileIsBegunAnew(String damaged) throws IOException {
        Files.writeString(directory.resolve(".switchover/jobs.json"), damaged);
        assertThat(job().since()).isEqualTo(NOON);
        now.set(SLOT);
        process(lease -> runs.incrementAndGet());
        await().atMost(LONG).until(() -> SLOT.equals(job().doneSlot()));
    }
}
