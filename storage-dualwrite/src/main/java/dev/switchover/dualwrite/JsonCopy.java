package dev.switchover.dualwrite;

import dev.switchover.json.JsonStore;
import dev.switchover.json.ReadOnlyJsonStore;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JSON files as a copy to read from while the database is away: the store of this process if it holds the directory,
 * otherwise the files as another process, or the last export, left them. Thread-safe.
 */
final class JsonCopy {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.stale");

    private static final Duration RELOAD_AFTER = Duration.ofSeconds(5);

    private final Supplier<@Nullable JsonStore> held;
    private final Supplier<ReadOnlyJsonStore> load;
    private @Nullable ReadOnlyJsonStore loaded;
    private long loadedAt;

    /**
     * @param held the store of this process, or null while it does not hold the directory
     * @param load reads the files, without the lock
     */
    JsonCopy(Supplier<@Nullable JsonStore> held, Supplier<ReadOnlyJsonStore> load) {
        this.held = held;
        this.load = load;
    }

    /** Records of a copy and the time up to which it is complete. */
    record Snapshot(RecordAccess records, Instant time) {}

    /** The copy, or null if there is none that can be read, or JSON never was one. */
    synchronized @Nullable Snapshot read(CollectionSchema<?, ?> schema) {
        JsonStore live = held.get();
        if (live != null) {
            return isCopy(live.ledger().read(schema)) ? new Snapshot(live, live.copyTime(schema)) : null;
        }
        if (loaded == null || System.nanoTime() - loadedAt > RELOAD_AFTER.toNanos()) {
            try {
                loaded = load.get();
            } catch (StorageException e) {
                LOG.warn("The JSON copy cannot be read: {}", e.getMessage());
            }
            loadedAt = System.nanoTime();
        }
        ReadOnlyJsonStore copy = loaded;
        return copy == null || !isCopy(copy.ledgerEntry(schema)) ? null : new Snapshot(copy, copy.copyTime(schema));
    }

    /** Why a collection cannot be read, for people. */
    static String none(CollectionSchema<?, ?> schema) {
        return "JSON has no copy of " + schema.name() + " to read from: run in DB_PRIMARY, or export, to have one";
    }

    private static boolean isCopy(Optional<LedgerEntry> entry) {
        return entry.filter(LedgerEntry::wasComplete).isPresent();
    }
}
