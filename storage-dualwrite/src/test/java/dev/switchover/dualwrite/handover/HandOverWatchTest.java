package dev.switchover.dualwrite.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.json.directory.StoreDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandOverWatchTest {

    @TempDir
    Path directory;

    /** Lets go only when it is told to. */
    private static final class SlowHolder implements HandOverWatch.Holder {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        @Override
        public boolean holds() {
            return true;
        }

        @Override
        public void letGo(String newcomer, Duration patience) {
            asked.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean takeBack() {
            return true;
        }
    }

    /** Each time it lets go it has no room for its last checkpoint. */
    private static final class FailingHolder implements HandOverWatch.Holder {

        private final AtomicInteger takenBack = new AtomicInteger();

        @Override
        public boolean holds() {
            return true;
        }

        @Override
        public void letGo(String newcomer, Duration patience) {
            throw new OutOfMemoryError("as if");
        }

        @Override
        public boolean takeBack() {
            takenBack.incrementAndGet();
            throw new IllegalStateException("a mistake");
        }
    }

    @Test
    void whateverFailsTheDirectoryIsTakenBackAndTheNextNewcomerAnswered() throws Exception {
        Files.createDirectories(new StoreDirectory(directory).hidden());
        FailingHolder holder = new FailingHolder();
        try (HandOverWatch watch = new HandOverWatch(directory, holder, Clock.systemUTC())) {
            watch.start();
            for (int newcomer = 1; newcomer <= 2; newcomer++) {
                int times = newcomer;
                new RequestFile(directory)
                        .write(new TakeOverRequest(
                                "nonce " + newcomer, 1, "host", Instant.now().plusSeconds(1)));
                await().until(() -> holder.takenBack.get() == times);
            }
        }
    }

    @Test
    void closingWaitsForWhatIsBeingLetGoOf() throws Exception {
        Files.createDirectories(new StoreDirectory(directory).hidden());
        SlowHolder holder = new SlowHolder();
        HandOverWatch watch = new HandOverWatch(directory, holder, Clock.systemUTC());
        watch.start();
        new RequestFile(directory)
                .write(new TakeOverRequest("nonce", 1, "host", Instant.now().plusSeconds(60)));
        holder.asked.await();
        Thread closing = new Thread(watch::close);
        closing.start();
        // It waits for the watch's thread, not for a lock or a sleep of its own.
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        holder.go.countDown();
        closing.join();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("switchover-hand-over") && thread.isAlive());
    }
}
