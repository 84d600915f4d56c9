package dev.switchover.dualwrite.handover;

import dev.switchover.storage.StorageException;
import dev.switchover.storage.spi.Threads;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The holder's side: looks for a request, lets go, and has the directory taken back if nobody came for it. Thread-safe. */
public final class HandOverWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.handover");

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private static final Duration LETTING_GO = Duration.ofSeconds(30);

    /** What is to be let go of. Called on the watch's thread. */
    public interface Holder {

        /** Whether this process has the directory. */
        boolean holds();

        /**
         * Ends the requests that are under way, then the writes, drains the mirrors, closes the files and lets go of the lock.
         *
         * @param patience how long the newcomer waits for the directory from now on
         */
        void letGo(String newcomer, Duration patience);

        /**
         * Takes the directory back, by the guard, but never undoes a change of authority.
         *
         * @return false if it is left to others, because this process may serve nothing from it, or needs it no more
         * @throws StorageException if it cannot be had now; it is taken back when it can be, unless the holder is closed before
         */
        boolean takeBack();
    }

    private final RequestFile file;
    private final Holder holder;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private String answered = "";

    public HandOverWatch(Path directory, Holder holder, Clock clock) {
        this.file = new RequestFile(directory);
        this.holder = holder;
        this.clock = clock;
        this.thread = new Thread(this::run, "switchover-hand-over");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Waits, bounded, for what it has begun: letting go closes files and drains mirrors. */
    @Override
    public void close() {
        closed.countDown();
        Threads.join(thread, LETTING_GO);
    }

    private void run() {
        try {
            while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                Optional<TakeOverRequest> request = file.read().filter(this::isNew);
                if (request.isPresent() && holder.holds()) {
                    answer(request.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only a host that stops all threads interrupts this one
        }
    }

    private boolean isNew(TakeOverRequest request) {
        return !request.nonce().equals(answered) && clock.instant().isBefore(request.expires());
    }

    private void answer(TakeOverRequest request) throws InterruptedException {
        answered = request.nonce();
        LOG.info("Handing the directory over to {}", request);
        try {
            holder.letGo(request.toString(), Duration.between(clock.instant(), request.expires()));
        } catch (StorageException e) {
            LOG.warn("Letting go of the directory met a failure: {}", e.getMessage());
        } catch (RuntimeException | Error mistake) {
            // As of a last checkpoint without room in the heap. A thread that ended here would never take the directory
            // back.
            LOG.error("Letting go of the directory met a mistake", mistake);
        }
        while (clock.instant().isBefore(request.expires()) && stands(request)) {
            if (closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
        try {
            if (holder.takeBack()) {
                LOG.warn("Nobody came for the directory; this process has it again");
            } else {
                LOG.info("The directory is left to others");
            }
        } catch (StorageException e) {
            LOG.info("The directory has been handed over: {}", e.getMessage());
        } catch (RuntimeException | Error mistake) {
            LOG.error("The directory could not be taken back", mistake);
        }
    }

    /** A newcomer that has the directory, or gave up, takes its request back. */
    private boolean stands(TakeOverRequest request) {
        return file.read()
                .filter(standing -> standing.nonce().equals(request.nonce()))
                .isPresent();
    }
}
