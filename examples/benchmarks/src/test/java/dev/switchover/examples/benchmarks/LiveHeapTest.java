package dev.switchover.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveHeapTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final int HELD = 160;

    /** What other tests of this process may let go, or come to hold, meanwhile. */
    private static final int OTHERS = 40;

    private static final Cleaner CLEANER = Cleaner.create();

    /** Where what is held can be reached. */
    private final AtomicReference<List<byte[]>> held = new AtomicReference<>(List.of());

    @Test
    void whatIsHeldCountsAndGarbageDoesNot() {
        LiveHeap heap = new LiveHeap();
        held.set(mebibytes(HELD));
        assertThat(heap.held()).isGreaterThan((HELD - OTHERS) * MEBIBYTE);
        held.set(List.of());
        assertThat(heap.held()).isLessThan(OTHERS * MEBIBYTE);
    }

    @Test
    void whatWasHeldForATimeCountsToo() throws Exception {
        LiveHeap heap = new LiveHeap();
        long most = heap.mostHeldDuring(() -> {
            held.set(mebibytes(HELD));
            // Each is gone after a collection that has seen what is held; not all of them may be the machine's own.
            for (int i = 0; i < 3; i++) {
                CountDownLatch collected = new CountDownLatch(1);
                CLEANER.register(new Object(), collected::countDown);
                uninterruptibly(collected);
            }
            held.set(List.of());
        });
        assertThat(most).isGreaterThan((HELD - OTHERS) * MEBIBYTE);
    }

    @Test
    void workThatFailsGivesNoNumber() {
        assertThatThrownBy(() -> new LiveHeap().mostHeldDuring(() -> {
                    throw new IllegalStateException("the stores differ");
                }))
                .hasRootCauseMessage("the stores differ");
    }

    private static List<byte[]> mebibytes(int count) {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new byte[1 << 20]);
        }
        return all;
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
