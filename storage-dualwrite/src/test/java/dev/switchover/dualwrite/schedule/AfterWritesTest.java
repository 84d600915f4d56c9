package dev.switchover.dualwrite.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.storage.RequestFailedException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class AfterWritesTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Semaphore mayRun = new Semaphore(0);
    private final AtomicBoolean broken = new AtomicBoolean();
    private AfterWrites after;

    private void open(Duration pause) {
        after = new AfterWrites("the copy", pause, this::work, Clock.systemUTC(), LONG);
    }

    private void work() {
        begun.countDown();
        mayRun.acquireUninterruptibly();
        runs.incrementAndGet();
        if (broken.get()) {
            throw new RequestFailedException("export", "there is no room");
        }
    }

    @AfterEach
    void close() {
        mayRun.release(1_000);
        after.close();
    }

    @Test
    void whatCameWhileOneRanIsFollowedByOneMore() throws Exception {
        open(Duration.ofNanos(1));
        after.start(false);
        after.written();
        begun.await();
        for (int i = 0; i < 1_000; i++) {
            after.written(); // which nobody holds up
        }
        mayRun.release(1_000);
        assertThat(after.awaitDone(LONG)).isTrue();
        after.close();
        assertThat(runs).hasValue(2);
    }

    @Test
    void theFirstWriteIsFollowedAtOnceAndTheNextWhenThePauseIsOver() {
        mayRun.release(1_000);
        open(HOUR);
        after.start(false);
        after.written();
        await().atMost(LONG).until(() -> after.doneAt() != null);
        after.written();
        after.written();
        await().during(Duration.ofMillis(300)).until(() -> runs.get() == 1);
        assertThat(after.awaitDone(LONG)).isTrue();
        assertThat(runs).hasValue(2);
        after.written();
        await().during(Duration.ofMillis(300)).until(() -> runs.get() == 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStartMakesUpForWhatTheProcessBeforeCouldNotDo(boolean atOnce) {
        mayRun.release(1_000);
        open(HOUR);
        after.start(atOnce);
        assertThat(after.awaitDone(LONG)).isTrue();
        after.close();
        assertThat(runs).hasValue(atOnce ? 1 : 0);
    }

    @Test
    void closingDoesWhatIsStillToBeDoneAndDoesNotWaitForThePause() {
        mayRun.release(1_000);
        open(HOUR);
        after.start(true);
        assertThat(after.awaitDone(LONG)).isTrue();
        after.written();
        after.close();
        assertThat(runs).hasValue(2);
    }

    @Test
    void aFailureIsKeptAndTriedAgainWithoutAnotherWrite() {
        mayRun.release(1_000);
        broken.set(true);
        open(Duration.ofNanos(1));
        after.start(false);
        after.written();
        await().atMost(LONG).until(() -> runs.get() == 2);
        AfterWrites.Failure first = after.failure();
        assertThat(first).isNotNull();
        assertThat(first.reason()).isEqualTo("there is no room");
        broken.set(false);
        await().atMost(LONG).until(() -> after.failure() == null);
        assertThat(after.awaitDone(LONG)).isTrue();
    }

    /** A disk that stays full must not keep a service from ending. */
    @Test
    void closingTriesOnceAndEnds() {
        mayRun.release(1_000);
        broken.set(true);
        open(HOUR);
        after.start(false);
        after.written();
        await().atMost(LONG).until(() -> after.failure() != null);
        after.close();
        assertThat(runs).hasValue(2);
    }
}
