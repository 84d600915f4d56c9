package dev.switchover.examples.expenses.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Several writers at once, each on records of its own. */
final class Traffic {

    static final int THREADS = 4;

    private final List<Writer> writers = new ArrayList<>();

    /** @param tag not used before in this run of the demo */
    Traffic(
            String tag,
            Session session,
            AckJournal journal,
            Map<String, String> expenses,
            Map<String, String> earthquakes) {
        for (int i = 0; i < THREADS; i++) {
            writers.add(new Writer(i, tag, session, journal, share(expenses, i), share(earthquakes, i)));
        }
    }

    /**
     * Writes until told to stop.
     *
     * @param pause between two writes of a thread
     * @return how many writes were acknowledged
     * @throws IllegalStateException if one failed
     */
    int run(BooleanSupplier goOn, Duration pause) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "demo-writer");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Writer writer : writers) {
                running.add(threads.submit(() -> {
                    while (goOn.getAsBoolean()) {
                        writer.write();
                        LockSupport.parkNanos(pause.toNanos());
                    }
                }));
            }
            for (Future<?> writer : running) {
                writer.get();
            }
            return writes();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A write failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** A fixed number of writes of each thread, as fast as they go. */
    int run(int writesOfEach) {
        int[] left = new int[1];
        left[0] = writesOfEach * THREADS;
        return run(
                () -> {
                    synchronized (left) {
                        return left[0]-- > 0;
                    }
                },
                Duration.ZERO);
    }

    private int writes() {
        return writers.stream().mapToInt(Writer::writes).sum();
    }

    private static Map<String, String> share(Map<String, String> all, int number) {
        Map<String, String> share = new TreeMap<>();
        int i = 0;
        for (Map.Entry<String, String> record : new TreeMap<>(all).entrySet()) {
            if (i++ % THREADS == number) {
                share.put(record.getKey(), record.getValue());
            }
        }
        return share;
    }
}
