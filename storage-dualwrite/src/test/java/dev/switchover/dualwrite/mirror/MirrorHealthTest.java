package dev.switchover.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.mirror.MirrorHealth.Notice;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MirrorHealthTest {

    private long now = Long.MAX_VALUE - 1_000;
    private double jitter = 1;
    private final MirrorHealth health = new MirrorHealth(
            () -> now, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), () -> jitter, Duration.ofSeconds(10));

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void writersWaitOnlyInSync() {
        assertThat(health.writersWait()).isFalse();
        health.sessionBegan();
        assertThat(health.writersWait()).isFalse();
        health.drained();
        assertThat(health.writersWait()).isTrue();
        health.fellBehind();
        assertThat(health.writersWait()).isFalse();
        health.drained();
        health.timedOut("no answer");
        assertThat(health.writersWait()).isFalse();
        health.drained();
        health.failed("connection refused", false);
        assertThat(health.writersWait()).isFalse();
        health.stopped();
        assertThat(health.writersWait()).isFalse();
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            health.failed("connection refused", false);
            pauses.add(health.untilNextAttempt().toMillis());
        }
        assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L, 10_000L);
    }

    @Test
    void jitterTakesAwayUpToHalfOfThePause() {
        jitter = 0;
        health.failed("connection refused", false);
        assertThat(health.untilNextAttempt()).isEqualTo(Duration.ofMillis(50));
        pass(Duration.ofMillis(50));
        assertThat(health.untilNextAttempt()).isZero();
        pass(Duration.ofMinutes(5));
        assertThat(health.untilNextAttempt()).isZero();
    }

    @Test
    void pausesBeginAnewAfterProgress() {
        for (int i = 0; i < 10; i++) {
            health.failed("connection refused", false);
        }
        health.progressed();
        health.failed("connection refused", false);
        assertThat(health.untilNextAttempt()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void anOutageIsToldAtItsBeginningAndOnceAMinute() {
        assertThat(health.failed("connection refused", false)).isEqualTo(Notice.FIRST);
        pass(Duration.ofSeconds(59));
        assertThat(health.failed("connection refused", false)).isEqualTo(Notice.NOTHING);
        pass(Duration.ofSeconds(1));
        assertThat(health.failed("connection refused", false)).isEqualTo(Notice.SUMMARY);
        pass(Duration.ofSeconds(1));
        assertThat(health.failed("connection refused", false)).isEqualTo(Notice.NOTHING);
        pass(Duration.ofMinutes(1));
        assertThat(health.failed("timed out", false)).isEqualTo(Notice.SUMMARY);
    }

    @Test
    void anOutageLastsUntilNothingIsPendingAndNotOnlyUntilASessionBegins() {
        health.failed("connection refused", false);
        pass(Duration.ofSeconds(3));
        health.sessionBegan();
        health.failed("timed out", false);
        pass(Duration.ofSeconds(4));
        health.sessionBegan();
        assertThat(health.drained()).contains(new MirrorHealth.Outage(Duration.ofSeconds(7), 2, "timed out"));
        assertThat(health.drained()).isEmpty();
        assertThat(health.failed("connection refused", false)).isEqualTo(Notice.FIRST);
    }

    @Test
    void oneRecordIsNamedInAnOutage() {
        assertThat(health.nameRecord()).isEmpty();
        health.failed("connection refused", false);
        assertThat(health.nameRecord()).contains("connection refused");
        assertThat(health.nameRecord()).isEmpty();
        health.drained();
        health.failed("timed out", false);
        assertThat(health.nameRecord()).contains("timed out");
        health.drained();
        health.failed("connection refused", true);
        assertThat(health.nameRecord()).isEmpty();
    }

    @Test
    void onlyTheFirstWriterThatWaitsInVainBeginsAnOutage() {
        health.sessionBegan();
        health.drained();
        assertThat(health.timedOut("no answer")).isEqualTo(Notice.FIRST);
        assertThat(health.timedOut("no answer")).isEqualTo(Notice.NOTHING);
        assertThat(health.untilNextAttempt()).isZero();
        assertThat(health.drained())
                .get()
                .extracting(MirrorHealth.Outage::failures)
                .isEqualTo(1L);
    }

    @Test
    void theConditionIsToldAndWhatItWasAbout() {
        health.sessionBegan();
        assertThat(health.condition()).isEqualTo(MirrorCondition.CATCHING_UP);
        assertThat(health.lastInSync()).isNull();
        assertThat(health.lastError()).isNull();
        assertThat(health.since()).isEqualTo(Instant.EPOCH);

        health.drained();
        assertThat(health.condition()).isEqualTo(MirrorCondition.IN_SYNC);
        assertThat(health.lastInSync()).isEqualTo(Instant.EPOCH);

        health.failed("connection refused", false);
        assertThat(health.lastError()).isEqualTo("connection refused");
        assertThat(health.lastInSync()).as("when it failed").isEqualTo(Instant.EPOCH);

        health.stopped();
        assertThat(health.condition()).isEqualTo(MirrorCondition.STOPPED);
    }
}
