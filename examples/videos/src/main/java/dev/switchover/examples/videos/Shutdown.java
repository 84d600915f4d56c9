package dev.switchover.examples.videos;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what was opened, the last one first, when the process is told to end (SIGTERM, Ctrl-C) or the start has failed.
 * Thread-safe.
 */
final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean serving;

    private Shutdown() {}

    static Shutdown install() {
        Shutdown shutdown = new Shutdown();
        Runtime.getRuntime().addShutdownHook(new Thread(shutdown::atExit, "videos-shutdown"));
        return shutdown;
    }

    synchronized <C extends AutoCloseable> C closeAtEnd(C resource) {
        open.push(resource);
        return resource;
    }

    /** From now on being told to end is a success. */
    synchronized void serving() {
        serving = true;
    }

    synchronized boolean closeAll() {
        boolean clean = true;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.error("Closing failed", e);
                clean = false;
            }
        }
        return clean;
    }

    private synchronized void atExit() {
        boolean wasServing = serving;
        boolean clean = closeAll();
        if (wasServing && clean) {
            LOG.info("Stopped");
            // The JVM would end with 143, which supervisors take for a failure.
            Runtime.getRuntime().halt(0);
        }
    }
}
