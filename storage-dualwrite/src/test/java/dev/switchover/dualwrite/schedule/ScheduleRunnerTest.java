package dev.switchover.dualwrite.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.postgres.DatabaseUrl;
import dev.switchover.postgres.PostgresSettings;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Instances that share a real database, each with a thread of its own and one clock for all. */
class ScheduleRunnerTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Schedule DAILY = new Schedule.Daily(LocalTime.of(2, 0));

    private TestDatabase database;
    private PostgresStore store;
    private final List<ScheduleRunner> runners = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-05T10:00:00Z"));
    private final ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();

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
    void open() {
        database = TestDatabase.create();
        store = PostgresStore.open(
                PostgresSettings.of(DatabaseUrl.parse(database.url())),
                List.of(CollectionSchema.of(ServiceUnderTest.NOTES)));
        store.prepare();
    }

    @AfterEach
    void close() {
        runners.forEach(ScheduleRunner::close);
        store.close();
        database.close();
    }

    private JobLedger ledger(String holder) {
        return new DatabaseJobs(store.jobs(), holder);
    }

    private void instance(String name, ScheduledJob.Work work) {
        ScheduledJob job = new ScheduledJob("export", DAILY, ZoneOffset.UTC, work);
        ScheduleRunner runner =
                new ScheduleRunner(List.of(job), ledger(name), clock, Duration.ofSeconds(5), Duration.ofMillis(20));
        runners.add(runner);
        runner.start();
    }

    private JobState job() {
        return ledger("test").read("export", now.get());
    }

    @Test
    void ofManyInstancesOneRunsASlot() {
        job();
        for (int i = 0; i < 4; i++) {
            String name = "instance " + i;
            instance(name, lease -> {
                lease.require();
                ran.add(name);
            });
        }
        for (int day = 6; day <= 8; day++) {
            Instant slot = Instant.parse("2026-01-0" + day + "T02:00:00Z");
            now.set(slot.plusSeconds(day));
            await().atMost(LONG).until(() -> slot.equals(job().doneSlot()));
        }
        // All of them have to have looked at the last slot before it is certain that nobody ran it again.
        runners.forEach(ScheduleRunner::close);
        assertThat(ran).hasSize(3);
    }

    @Test
    void whatWasMissedWhileNobodyRanIsCaughtUpOnce() {
        job();
        now.set(Instant.parse("2026-01-20T10:00:00Z"));
        instance("one", lease -> ran.add("one"));
        await().atMost(LONG).until(() -> job().doneSlot() != null);
        assertThat(job().doneSlot()).isEqualTo(Instant.parse("2026-01-20T02:00:00Z"));
        assertThat(ran).hasSize(1);
    }

    @Test
    void aFailureIsKeptAndTriedAgainLater() {
        job();
        now.set(Instant.parse("2026-01-06T02:00:00Z"));
        CountDownLatch mended = new CountDownLatch(1);
        instance("one", lease -> {
            if (mended.getCount() > 0) {
                throw new RequestFailedException("export", "there is no room");
            }
            ran.add("one");
        });
        await().atMost(LONG).until(() -> job().failures() == 1);
        assertThat(job().message()).isEqualTo("there is no room");
        mended.countDown();
        now.set(Instant.parse("2026-01-06T02:01:00Z"));
        await().atMost(LONG).until(() -> job().doneSlot() != null);
        assertThat(job().failures()).isZero();
        assertThat(ran).hasSize(1);
    }

    @Test
    void aRunnerThatWasHeldUpIsFenced() {
        job();
        JobLedger slow = ledger("slow");
        JobLedger fast = ledger("fast");
        long held = slow.take("export", job().token(), Duration.ofMillis(1)).orElseThrow();
        await().atMost(LONG)
                .until(() -> fast.take("export", held, Duration.ofMinutes(1)).isPresent());
        assertThat(slow.renew("export", held, Duration.ofMinutes(1))).isFalse();
        assertThat(slow.done("export", held, now.get(), now.get())).isFalse();
        assertThat(job().doneSlot()).isNull();
        assertThat(fast.done("export", held + 1, now.get(), now.get())).isTrue();
        assertThat(job().doneSlot()).isEqualTo(now.get());
    }

    /** Whoever looked while another one ran must not run again what that one has done by now. */
    @Test
    void whatWasDecidedBeforeAnotherOneWasDoneIsRefused() {
        long token = job().token();
        long other =
                ledger("other").take("export", token, Duration.ofMinutes(1)).orElseThrow();
        JobState seen = job();
        assertThat(ledger("other").done("export", other, now.get(), now.get())).isTrue();
        assertThat(ledger("late").take("export", seen.token(), Duration.ofMinutes(1)))
                .isEmpty();
    }

    @Test
    void aLeaseThatSomebodyHasIsNotGivenTwice() {
        long token = job().token();
        assertThat(ledger("one").take("export", token, Duration.ofMinutes(1))).isPresent();
        assertThat(ledger("two").take("export", token, Duration.ofMinutes(1))).isEmpty();
        assertThat(ledger("two").take("export", token + 1, Duration.ofMinutes(1)))
                .isEmpty();
    }

    @Test
    void whatIsRunMayAskWhetherItIsStillTheOne() {
        job();
        now.set(Instant.parse("2026-01-06T02:00:00Z"));
        CountDownLatch asked = new CountDownLatch(1);
        instance("held up", lease -> {
            // As if it had slept past its lease, and another one had begun.
            long token = job().token();
            assertThat(store.jobs().failed("export", token, now.get(), "expired"))
                    .isTrue();
            assertThat(ledger("other").take("export", token + 1, Duration.ofMinutes(1)))
                    .isPresent();
            assertThatThrownBy(lease::require).isInstanceOf(RequestFailedException.class);
            asked.countDown();
        });
        await().atMost(LONG).until(() -> asked.getCount() == 0);
    }
}
