package dev.switchover.dualwrite.shadow;

import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a share of the primary's answers with those of the mirror, on a thread of its own. Bounded: so many wait at most, and
 * large answers are left out; both are counted as dropped. Ids that are pending, or change meanwhile, are no mismatch. Thread-safe.
 */
public final class ShadowReads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.shadow");

    private static final int WAITING_AT_MOST = 64;
    private static final int RECORDS_AT_MOST = 1_000;
    private static final long BYTES_AT_MOST = 1L << 20;
    private static final Duration SUMMARY_EVERY = Duration.ofMinutes(1);
    private static final Duration LAST_CALL = Duration.ofSeconds(1);

    private final int percent;
    private final ArrayBlockingQueue<Sample<?>> waiting = new ArrayBlockingQueue<>(WAITING_AT_MOST);
    private final Map<CollectionSchema<?, ?>, Tally> tallies = new ConcurrentHashMap<>();
    private final @Nullable Thread thread;
    private volatile boolean closed;

    /** What came of the reads of one collection so far; the parts of {@code compared} that were not equal are told apart. */
    public record Counted(long compared, long lagging, long mismatched, long dropped, long failed) {}

    /** An answer of the primary, and how to ask for it again. */
    record Sample<R>(
            CollectionSchema<?, ?> schema,
            RecordStore primary,
            RecordStore mirror,
            R answer,
            Function<RecordAccess, R> call) {}

    /** @param percent 0 to 100; with 0 there is no thread */
    public ShadowReads(int percent) {
        this.percent = percent;
        if (percent == 0) {
            this.thread = null;
            return;
        }
        Thread started = new Thread(this::run, "switchover-shadow-reads");
        started.setDaemon(true);
        started.start();
        this.thread = started;
    }

    public int percent() {
        return percent;
    }

    /** Whether the present read is one of the share. */
    public boolean isChosen() {
        return percent > 0 && ThreadLocalRandom.current().nextInt(100) < percent;
    }

    /** Has the answer compared, sooner or later, or drops it. Returns at once. */
    public <R> void offer(
            CollectionSchema<?, ?> schema,
            RecordStore primary,
            RecordStore mirror,
            R answer,
            Function<RecordAccess, R> call) {
        boolean taken =
                isSmall(answer) && !closed && waiting.offer(new Sample<>(schema, primary, mirror, answer, call));
        if (!taken) {
            tally(schema).dropped();
        }
    }

    private static boolean isSmall(Object answer) {
        if (!(answer instanceof List<?> records)) {
            return true;
        }
        if (records.size() > RECORDS_AT_MOST) {
            return false;
        }
        long bytes = 0;
        for (Object record : records) {
            bytes += record instanceof RawRecord raw ? raw.body().length : 0;
        }
        return bytes <= BYTES_AT_MOST;
    }

    public Counted counted(CollectionSchema<?, ?> schema) {
        return tally(schema).counted();
    }

    private Tally tally(CollectionSchema<?, ?> schema) {
        return tallies.computeIfAbsent(schema, unused -> new Tally());
    }

    private void run() {
        long summary = System.nanoTime() + SUMMARY_EVERY.toNanos();
        try {
            while (!closed) {
                Sample<?> sample = waiting.poll(500, TimeUnit.MILLISECONDS);
                if (sample != null) {
                    compare(sample);
                }
                if (System.nanoTime() - summary >= 0) {
                    summary = System.nanoTime() + SUMMARY_EVERY.toNanos();
                    summarize();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close, and a host that stops all threads, interrupt this one
        }
        summarize();
    }

    private void compare(Sample<?> sample) {
        Tally tally = tally(sample.schema());
        try {
            tally.compared(new Shadow<>(sample).compare());
        } catch (StorageException e) {
            tally.failed();
            LOG.debug("A shadow read of {} failed: {}", sample.schema().name(), e.getMessage());
        }
    }

    /** One line for each collection with mismatches since the last one. */
    private void summarize() {
        tallies.forEach((schema, tally) -> {
            Optional<String> news = tally.news();
            news.ifPresent(what -> LOG.warn("Shadow reads of {}: {}. Verify tells all", schema.name(), what));
        });
    }

    @Override
    public void close() {
        closed = true;
        Thread last = thread;
        if (last != null) {
            last.interrupt();
            Threads.join(last, LAST_CALL);
        }
    }
}
