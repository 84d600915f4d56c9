package dev.switchover.examples.benchmarks.limits;

import dev.switchover.examples.benchmarks.stage.Appends;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file that follows a table: appended to, not forced. Every 20 ms it is forced, and only then the marks of what it holds are
 * acknowledged. Thread-safe.
 *
 * @param <M> what a mark is known by
 */
final class FollowingFile<M> implements AutoCloseable {

    /** Takes marks out of the table. */
    @FunctionalInterface
    interface Acknowledging<M> {
        void run(List<M> marks) throws SQLException;
    }

    private static final int EVERY_MILLIS = 20;

    private final Appends file;
    private final Acknowledging<M> acknowledging;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "acknowledging"));
    private final Object lock = new Object();
    private List<M> appended = new ArrayList<>();
    private volatile @Nullable Exception failure;

    private FollowingFile(Appends file, Acknowledging<M> acknowledging) {
        this.file = file;
        this.acknowledging = acknowledging;
    }

    static <M> FollowingFile<M> open(Path path, Acknowledging<M> acknowledging) throws IOException {
        FollowingFile<M> opened = new FollowingFile<>(Appends.open(path), acknowledging);
        opened.thread.scheduleWithFixedDelay(opened::acknowledge, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return opened;
    }

    /**
     * @param marks of all that the bodies say
     * @throws IOException also where marks are no longer acknowledged: whoever measured on would measure something else
     */
    void append(List<byte[]> bodies, List<M> marks) throws IOException {
        throwFailure();
        for (byte[] body : bodies) {
            file.append(body);
        }
        synchronized (lock) {
            appended.addAll(marks);
        }
    }

    private void throwFailure() throws IOException {
        Exception failed = failure;
        if (failed != null) {
            throw new IOException("Marks are not acknowledged", failed);
        }
    }

    private void acknowledge() {
        List<M> marks;
        synchronized (lock) {
            marks = appended;
            appended = new ArrayList<>();
        }
        if (marks.isEmpty()) {
            return;
        }
        try {
            file.force();
            acknowledging.run(marks);
        } catch (IOException | SQLException | RuntimeException e) {
            failure = e;
        }
    }

    /** When nobody appends any more; what is left is acknowledged. */
    @Override
    public void close() throws IOException {
        try (file) {
            thread.shutdown();
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IOException("Marks are still being acknowledged");
            }
            acknowledge();
            throwFailure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
