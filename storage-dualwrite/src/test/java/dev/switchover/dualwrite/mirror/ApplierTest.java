package dev.switchover.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

class ApplierTest {

    private static final Duration DELAY = Duration.ofMillis(20);

    private final AtomicLong now = new AtomicLong(7);
    private final MemoryPair pair = new MemoryPair(Store.POSTGRESQL);
    private final Applier applier = applier();

    /** Time passes only when it is told to. */
    private final class Told implements Pace {

        @Override
        public long nanoTime() {
            return now.get();
        }

        @Override
        public double jitter() {
            return 0;
        }

        @Override
        public Lock newLock() {
            return Pace.REAL.newLock();
        }

        @Override
        public boolean await(CountDownLatch latch, Duration atMost) {
            throw new UnsupportedOperationException("nobody waits here");
        }

        @Override
        public Running start(Runnable work, String name) {
            throw new UnsupportedOperationException("nothing runs beside here");
        }
    }

    private Applier applier() {
        Lane lane = new Lane(
                pair.expenses(), pair.primary().ledger().read(pair.expenses()).orElseThrow(), Instant.EPOCH);
        return new Applier(
                pair.primary(),
                pair.mirror(),
                Map.of(pair.expenses(), lane),
                new MirrorLog(Store.JSON, now::get),
                new Told(),
                new Acknowledger(Store.POSTGRESQL, new Told(), () -> {}));
    }

    private void apply(long id) {
        Written written = pair.save(id, "note").get(0);
        applier.apply(
                List.of(List.of(new MirrorChange(pair.expenses(), written.id(), written.version(), written.record()))),
                true);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void whatWasAppliedWaitsForMoreAndLongerWhereAcknowledgingTakesLong() {
        assertThat(applier.untilAcknowledging(DELAY)).isEqualTo(Long.MAX_VALUE);
        apply(1);
        assertThat(applier.untilAcknowledging(DELAY)).isEqualTo(DELAY.toNanos());
        pass(DELAY);
        apply(2);
        assertThat(applier.untilAcknowledging(DELAY)).isZero();

        try (var slow = pair.primaryDisk()
                .faults()
                .on(Moment.BEFORE, Call.to(Operation.ACKNOWLEDGE), call -> pass(Duration.ofMillis(30)))) {
            applier.acknowledge();
        }
        assertThat(applier.unacknowledged()).isZero();
        apply(3);
        assertThat(applier.untilAcknowledging(DELAY))
                .isEqualTo(Duration.ofMillis(300).toNanos());
        pass(Duration.ofMillis(299));
        assertThat(applier.untilAcknowledging(DELAY))
                .isEqualTo(Duration.ofMillis(1).toNanos());

        applier.acknowledge();
        apply(4);
        assertThat(applier.untilAcknowledging(DELAY))
                .as("the last one was quick")
                .isEqualTo(DELAY.toNanos());
    }
}
