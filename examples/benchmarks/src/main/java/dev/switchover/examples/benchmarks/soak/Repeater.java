package dev.switchover.examples.benchmarks.soak;

import dev.switchover.examples.benchmarks.stage.Database;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Repeats what the callers write in a plain table, in the order in which they tell, so that what grows in the library's tables can
 * be seen beside what grows in any. By a thread and a connection of its own: no caller waits for it.
 */
final class Repeater implements AutoCloseable {

    private final PlainTable table;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    /** The first failure; seen by the one thread only. */
    private @Nullable Exception failure;

    private Repeater(PlainTable table) {
        this.table = table;
    }

    /** @param database an empty one */
    static Repeater open(Database database) throws SQLException {
        return new Repeater(PlainTable.create(database));
    }

    void repeat(Write write) {
        if (write != Write.NONE) {
            thread.execute(() -> {
                try {
                    write.repeat(table);
                } catch (Exception e) {
                    failure = failure == null ? e : failure;
                }
            });
        }
    }

    /**
     * As soon as everything told before is written.
     *
     * @throws ExecutionException if something could not be written
     */
    TableSizes sizes() throws ExecutionException, InterruptedException {
        return thread.submit(() -> {
                    if (failure != null) {
                        throw failure;
                    }
                    return table.sizes();
                })
                .get();
    }

    @Override
    public void close() throws SQLException {
        thread.shutdown();
        try {
            thread.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        table.close();
    }
}
