package dev.switchover.dualwrite;

import dev.switchover.storage.StorageException;
import dev.switchover.storage.spi.Threads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries to get the directory that another process holds, so that somebody keeps the mirror of {@code DB_PRIMARY}, or serves again
 * what JSON leads, when that one ends. Thread-safe.
 */
final class DirectoryWait implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.mirror");

    /** Takes the directory, and does what it is needed for. */
    interface Attempt {
        /** @throws StorageException if the directory cannot be had now */
        void run();
    }

    private final Attempt attempt;
    private final Duration interval;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    DirectoryWait(Attempt attempt, Duration interval) {
        this.attempt = attempt;
        this.interval = interval;
        this.thread = new Thread(this::run, "switchover-directory");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed.countDown();
        Threads.join(thread, Duration.ofSeconds(30));
    }

    private void run() {
        String lastReason = "";
        try {
            while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    attempt.run();
                    return;
                } catch (StorageException e) {
                    String reason = String.valueOf(e.getMessage());
                    if (!reason.equals(lastReason)) {
                        LOG.info("Waiting for the directory: {}", reason);
                        lastReason = reason;
                    }
                } catch (RuntimeException | Error mistake) {
                    // Nobody else waits for it.
                    if (!mistake.toString().equals(lastReason)) {
                        LOG.error("Taking the directory met a mistake; it is tried again", mistake);
                        lastReason = mistake.toString();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only a host that stops all threads interrupts this one
        }
    }
}
