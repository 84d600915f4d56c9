package dev.switchover.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.mirror.SimulatedMirror.Time;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults.Fault;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.Mirroring;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CatchUpTest {

    private final MemoryPair pair = new MemoryPair(Store.POSTGRESQL);
    private final JumpingTime time = new JumpingTime();

    @Test
    void whatIsPendingIsCarriedOver() {
        pair.mirroring(Mirroring.ON);
        pair.save(1, "one");

        assertThat(catchUp()).isTrue();
        assertThat(pair.areEqual()).isTrue();
    }

    /** A simulation's time is no real time: each look at it is a second. */
    @Test
    @Timeout(10)
    void fasterWritersAreGivenUpAfterTheDeadlineOfTheGivenTime() {
        pair.mirroring(Mirroring.ON);
        pair.save(1, "one");
        AtomicLong next = new AtomicLong(2);
        try (Fault writer = pair.mirrorDisk()
                .faults()
                .on(Moment.AFTER, call -> call.operation() == Operation.APPLY, call -> {
                    pair.save(next.getAndIncrement(), "another");
                    pair.save(next.getAndIncrement(), "and another");
                })) {
            assertThat(catchUp()).isFalse();
        }
    }

    private boolean catchUp() {
        MirrorSettings settings = MirrorSettings.DEFAULTS
                .withBatchRecords(1)
                .withDeadlines(Duration.ofSeconds(30), Duration.ofSeconds(30));
        return SimulatedMirror.catchUp(time)
                .run(pair.primary(), pair.mirror(), pair.expenses(), MirrorListener.NONE, settings, Clock.systemUTC());
    }

    private static final class JumpingTime implements Time {

        private final AtomicLong seconds = new AtomicLong();

        @Override
        public long nanoTime() {
            return Duration.ofSeconds(seconds.incrementAndGet()).toNanos();
        }

        @Override
        public double random01() {
            return 0;
        }

        @Override
        public Lock newLock() {
            return new ReentrantLock();
        }

        @Override
        public boolean await(BooleanSupplier until, long nanos) {
            return until.getAsBoolean();
        }

        @Override
        public BooleanSupplier start(Runnable work, String name) {
            throw new UnsupportedOperationException("catching up needs no thread");
        }
    }
}
