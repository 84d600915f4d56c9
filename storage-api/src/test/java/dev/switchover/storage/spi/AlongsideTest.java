package dev.switchover.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AlongsideTest {

    @Test
    void theWorkIsDoneOnADaemonOfThisNameAndItsResultGiven() {
        Alongside<String> work = Alongside.begin(
                "switchover-test",
                () -> Thread.currentThread().getName() + Thread.currentThread().isDaemon());
        assertThat(work.result()).isEqualTo("switchover-testtrue");
    }

    @Test
    void whatTheWorkThrowsIsThrown() {
        IllegalStateException failure = new IllegalStateException("planted");
        Alongside<String> work = Alongside.begin("switchover-test", () -> {
            throw failure;
        });
        assertThatThrownBy(work::result).isSameAs(failure);

        StackOverflowError error = new StackOverflowError("planted");
        Alongside<String> worse = Alongside.begin("switchover-test", () -> {
            throw error;
        });
        assertThatThrownBy(worse::result).isSameAs(error);
    }

    @Test
    void waitingIsBoundedAndAnInterruptIsKept() {
        CountDownLatch go = new CountDownLatch(1);
        Alongside<Integer> work = Alongside.begin("switchover-test", () -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return 7;
        });
        assertThat(work.join(Duration.ofMillis(1))).isFalse();
        go.countDown();
        Thread.currentThread().interrupt();
        assertThat(work.result()).isEqualTo(7);
        assertThat(Thread.interrupted()).isTrue();
    }
}
