package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.spi.Written;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What one write call committed: one step, also in the mirror. */
final class Ticket {

    private final List<Written> written;
    private final Pace pace;
    private final CountDownLatch done = new CountDownLatch(1);

    Ticket(List<Written> written, Pace pace) {
        this.written = written;
        this.pace = pace;
    }

    List<Written> written() {
        return written;
    }

    /** The mirror has it, or will find it by polling. */
    void finish() {
        done.countDown();
    }

    /** Whether it was finished in time. An interrupt ends the wait, not the work; it stays set. */
    boolean await(Duration atMost) {
        try {
            return pace.await(done, atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
