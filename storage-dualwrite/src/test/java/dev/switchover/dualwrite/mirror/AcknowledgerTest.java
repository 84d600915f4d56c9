package dev.switchover.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AcknowledgerTest {

    private static final String NAME = "switchover-acknowledge-json";

    private final AtomicInteger ends = new AtomicInteger();
    private final Acknowledger acknowledger = new Acknowledger(Store.JSON, Pace.REAL, ends::incrementAndGet);

    @AfterEach
    void close() {
        acknowledger.close();
    }

    private static boolean isThreadThere() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(NAME));
    }

    @Test
    void itWorksBesideWhoeverBegunIt() {
        CountDownLatch go = new CountDownLatch(1);
        List<String> threads = new CopyOnWriteArrayList<>();
        acknowledger.begin(() -> {
            awaitQuietly(go);
            threads.add(Thread.currentThread().getName());
        });
        assertThat(acknowledger.isBusy()).isTrue();
        acknowledger.rethrow();
        go.countDown();
        acknowledger.await();
        assertThat(acknowledger.isBusy()).isFalse();
        assertThat(threads).containsExactly(NAME);
        await().until(() -> ends.get() == 1);
    }

    @Test
    void whatItFailedWithIsThrownWhereItIsAskedFor() {
        RuntimeException failure = new StoreUnavailableException(Store.POSTGRESQL, "gone", null);
        acknowledger.begin(() -> {
            throw failure;
        });
        assertThatThrownBy(acknowledger::await).isSameAs(failure);
        assertThatThrownBy(acknowledger::rethrow).isSameAs(failure);
        await().until(() -> ends.get() == 1);
    }

    @Test
    void anErrorIsAFailureToo() {
        acknowledger.begin(() -> {
            throw new AssertionError("broken");
        });
        assertThatThrownBy(acknowledger::await).hasMessageContaining("ended with an error");
    }

    @Test
    void closingEndsItsThread() {
        await("the end of those of other tests").until(() -> !isThreadThere());
        acknowledger.begin(() -> {});
        acknowledger.await();
        assertThat(isThreadThere()).isTrue();
        acknowledger.close();
        await().until(() -> !isThreadThere());
    }

    @Test
    void closingLetsTheOneThatHasBegunEnd() {
        CountDownLatch go = new CountDownLatch(1);
        acknowledger.begin(() -> awaitQuietly(go));
        acknowledger.close();
        assertThat(acknowledger.isBusy()).isTrue();
        go.countDown();
        await().until(() -> !isThreadThere());
        assertThat(acknowledger.isBusy()).isFalse();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
