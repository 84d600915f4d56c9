package dev.switchover.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.storage.StorageException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What somebody asked for by a button: one at a time, and how the last one ended. Thread-safe. */
final class Jobs implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.console");

    private final Clock clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "switchover-console-job");
        made.setDaemon(true);
        return made;
    });
    private volatile @Nullable Job last;

    private record Job(
            String name,
            Instant began,
            @Nullable Instant ended,
            boolean failed,
            @Nullable String outcome) {}

    Jobs(Clock clock) {
        this.clock = clock;
    }

    /**
     * Begins it, unless another one runs.
     *
     * @param work gives a sentence about what came of it
     * @return whether it was begun
     */
    synchronized boolean begin(String name, Supplier<String> work) {
        Job current = last;
        if (current != null && current.ended() == null) {
            return false;
        }
        Job begun = new Job(name, clock.instant(), null, false, null);
        last = begun;
        thread.execute(() -> run(begun, work));
        return true;
    }

    private void run(Job job, Supplier<String> work) {
        String outcome = "it ended by a mistake of ours; the log has it";
        boolean failed = true;
        try {
            outcome = work.get();
            failed = false;
        } catch (StorageException e) {
            outcome = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}, asked for by the console, failed", job.name(), e);
        } finally {
            last = new Job(job.name(), job.began(), clock.instant(), failed, outcome);
        }
    }

    /** The running or the last one; empty if there was none. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Job job = last;
        if (job != null) {
            json.put("name", job.name());
            json.put("began", job.began().toString());
            Instant ended = job.ended();
            json.put("running", ended == null);
            if (ended != null) {
                json.put("ended", ended.toString());
                json.put("failed", job.failed());
                json.put("outcome", job.outcome());
            }
        }
        return json;
    }

    /** Lets a running one come to its end, for some seconds. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
