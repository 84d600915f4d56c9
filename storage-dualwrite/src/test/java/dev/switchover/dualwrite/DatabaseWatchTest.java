package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatabaseWatchTest {

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final MemoryPair pair = new MemoryPair(Store.POSTGRESQL);
    private final AtomicInteger pings = new AtomicInteger();
    private final FailingStart failing = new FailingStart();
    private final DatabaseWatch watch =
            new DatabaseWatch(pair.primary(), List.of(), failing, NEVER, LONG, Clock.systemUTC());

    /** Does nothing, or fails as it is told to. */
    private static final class FailingStart implements DatabaseWatch.Start {

        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final CountDownLatch failed = new CountDownLatch(1);

        @Override
        public void start(Route route) {}

        @Override
        public void answered() {
            Throwable wanted = failure.get();
            if (wanted != null) {
                failed.countDown();
            }
            if (wanted instanceof Error error) {
                throw error;
            }
            if (wanted instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }

    @BeforeEach
    void start() {
        pair.primaryDisk().faults().on(Moment.BEFORE, Call.to(Operation.PING), call -> pings.incrementAndGet());
        watch.start();
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void whatWasAskedWhileACallWasFailingIsAnswerEnough() throws Exception {
        long began = System.nanoTime();
        CompletableFuture<Boolean> away;
        try (Faults.Hang hang = pair.primaryDisk().faults().hang(Moment.BEFORE, Call.to(Operation.PING));
                Faults.Fault unreachable = pair.primaryDisk().faults().unreachable()) {
            watch.wake();
            hang.awaitReached();
            away = CompletableFuture.supplyAsync(() -> watch.confirmAway(began));
            hang.close();
            assertThat(away.get(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(pings).hasValue(1);
    }

    static List<Throwable> failures() {
        return List.of(
                new StoreUnavailableException(Store.POSTGRESQL, "gone behind its answer", null),
                new IllegalStateException("a mistake"),
                new OutOfMemoryError("as if"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatFailsBehindAnAnswerDoesNotEndTheWatch(Throwable failure) throws Exception {
        failing.failure.set(failure);
        assertThat(watch.confirmAway(System.nanoTime())).isFalse();
        failing.failed.await();
        assertThat(watch.confirmAway(System.nanoTime()))
                .as("who asks is answered")
                .isFalse();
        try (Faults.Fault unreachable = pair.primaryDisk().faults().unreachable()) {
            assertThat(watch.confirmAway(System.nanoTime())).isTrue();
        }
    }

    @Test
    void anAnswerFromBeforeTheCallProvesNothing() {
        assertThat(watch.confirmAway(System.nanoTime())).isFalse();
        try (Faults.Fault unreachable = pair.primaryDisk().faults().unreachable()) {
            assertThat(watch.confirmAway(System.nanoTime())).isTrue();
        }
        assertThat(pings).hasValue(2);
    }

    @Test
    void anAnswerToAQuestionAskedSinceTheCallBeganNeedsNoOther() {
        long began = System.nanoTime();
        assertThat(watch.confirmAway(began)).isFalse();
        assertThat(watch.confirmAway(began)).isFalse();
        assertThat(pings).hasValue(1);
    }
}
