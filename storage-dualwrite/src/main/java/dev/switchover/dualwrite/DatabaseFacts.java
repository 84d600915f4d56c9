package dev.switchover.dualwrite;

import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Threads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What the database says of its collections, for the status: read on a thread of its own, so that whoever asks for the status
 * waits no longer than the patience, also in the first moments of an outage that nobody has noticed yet. A read that takes longer
 * goes on, and whoever asks meanwhile waits for that one. Thread-safe.
 */
final class DatabaseFacts implements AutoCloseable {

    private static final Duration LAST_CALL = Duration.ofSeconds(1);

    /** Counting a large table takes a while: at most a fiftieth of the time goes into it, and never more than once in this. */
    private static final Duration COUNT_EVERY = Duration.ofSeconds(5);

    private static final int COUNT_AT_MOST_A = 50;

    private final RecordStore postgres;
    private final List<CollectionSchema<?, ?>> schemas;
    private final Duration patience;
    private final Clock clock;
    private final RecentReports lastReports;
    private final Map<CollectionSchema<?, ?>, Count> counts = new ConcurrentHashMap<>();
    private @Nullable Thread thread;
    private @Nullable CompletableFuture<Map<CollectionSchema<?, ?>, Facts>> running;

    /** @param lastReports is asked on this object's thread, for it may ask the database too */
    DatabaseFacts(
            RecordStore postgres,
            List<CollectionSchema<?, ?>> schemas,
            Duration patience,
            Clock clock,
            RecentReports lastReports) {
        this.postgres = postgres;
        this.schemas = List.copyOf(schemas);
        this.patience = patience;
        this.clock = clock;
        this.lastReports = lastReports;
    }

    /**
     * Of one collection.
     *
     * @param ledger null if there is no entry
     * @param lastPhase null if none was noted
     */
    record Facts(
            @Nullable LedgerEntry ledger,
            @Nullable Phase lastPhase,
            PendingSummary pending,
            long records,
            Instant countedAt,
            LastReports reports) {}

    private record Count(long records, Instant at, long began, long took) {
        boolean isFresh(long now) {
            return now - began < Math.max(COUNT_EVERY.toNanos(), COUNT_AT_MOST_A * took);
        }
    }

    /** By collection; one that could not be read in time is left out. An interrupt ends the wait and stays set. */
    Map<CollectionSchema<?, ?>, Facts> read() {
        try {
            return begun().get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the status could not be read", e.getCause());
        }
    }

    private synchronized CompletableFuture<Map<CollectionSchema<?, ?>, Facts>> begun() {
        CompletableFuture<Map<CollectionSchema<?, ?>, Facts>> present = running;
        if (present != null && !present.isDone()) {
            return present;
        }
        CompletableFuture<Map<CollectionSchema<?, ?>, Facts>> next = new CompletableFuture<>();
        running = next;
        thread = new Thread(() -> ask(next), "switchover-status");
        thread.setDaemon(true);
        thread.start();
        return next;
    }

    private void ask(CompletableFuture<Map<CollectionSchema<?, ?>, Facts>> result) {
        Map<CollectionSchema<?, ?>, Facts> found = new HashMap<>();
        try {
            for (CollectionSchema<?, ?> schema : schemas) {
                try {
                    found.put(schema, ask(schema));
                } catch (StoreUnavailableException e) {
                    break; // each of the others would wait as long
                } catch (StorageException e) {
                    continue; // its table may be missing; those of the others are not
                }
            }
            result.complete(found);
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    private Facts ask(CollectionSchema<?, ?> schema) {
        LedgerEntry entry = postgres.ledger().read(schema).orElse(null);
        Phase lastPhase = postgres.ledger().lastPhase(schema).orElse(null);
        PendingSummary pending = postgres.pending().summary(schema);
        Count count = count(schema);
        return new Facts(entry, lastPhase, pending, count.records(), count.at(), lastReports.of(schema));
    }

    private Count count(CollectionSchema<?, ?> schema) {
        long now = System.nanoTime();
        Count known = counts.get(schema);
        if (known != null && known.isFresh(now)) {
            return known;
        }
        Instant at = clock.instant();
        long records = postgres.count(schema, Query.all());
        Count counted = new Count(records, at, now, System.nanoTime() - now);
        counts.put(schema, counted);
        return counted;
    }

    /** After the store was closed: a read that waits for it ends then. */
    @Override
    public void close() {
        Thread last;
        synchronized (this) {
            last = thread;
        }
        if (last != null) {
            Threads.join(last, LAST_CALL);
        }
    }
}
