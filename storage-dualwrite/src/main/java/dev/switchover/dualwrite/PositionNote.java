package dev.switchover.dualwrite;

import dev.switchover.dualwrite.guard.Histories;
import dev.switchover.json.DirectoryLockedException;
import dev.switchover.json.JsonStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In {@code DB_ONLY} nobody holds the directory, but JSON's ledger is told from time to time, and at close, how far the database
 * has come: a database that is put back to an older copy is then noticed at the next start. And where a newcomer's preparation
 * crashed and left the database recording what nobody carries over, that is ended. Used by one thread at a time.
 */
final class PositionNote {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.storage");

    private static final Duration INTERVAL = Duration.ofHours(1);
    /** Between two attempts to find the directory free; opening it reads all of it. */
    private static final Duration LEFT_OVER_INTERVAL = Duration.ofMinutes(1);

    private final List<Route> routes;
    private final Stores stores;
    private long lastAt = System.nanoTime();
    private long lastLeftOverAt = lastAt - LEFT_OVER_INTERVAL.toNanos();

    PositionNote(List<Route> routes, Stores stores) {
        this.routes =
                routes.stream().filter(route -> route.phase() == Phase.DB_ONLY).toList();
        this.stores = stores;
    }

    void noteIfDue() {
        long now = System.nanoTime();
        boolean leftOver = now - lastLeftOverAt >= LEFT_OVER_INTERVAL.toNanos()
                && routes.stream().anyMatch(this::isLeftOver);
        if (leftOver) {
            lastLeftOverAt = now;
        }
        if (leftOver || now - lastAt >= INTERVAL.toNanos()) {
            note();
        }
    }

    /** Writes are recorded as pending, and no worker tells that it is alive. */
    private boolean isLeftOver(Route route) {
        return route.serving()
                && route.ledgerMirrors()
                && !stores.postgres().ledger().hasLiveLease(route.schema());
    }

    /** Under the directory's lock, so that there is no worker, and none begins. */
    private void endLeftOver(CollectionSchema<?, ?> schema) {
        Ledger ledger = stores.postgres().ledger();
        LedgerEntry entry = ledger.read(schema).orElse(null);
        if (entry != null
                && entry.serves()
                && entry.mirroring() != Mirroring.OFF
                && !ledger.hasLiveLease(schema)
                && ledger.compareAndSet(
                        schema, entry, entry.with(Mirroring.OFF), "mirroring ends: nobody carries anything over")) {
            LOG.info("{}: PostgreSQL no longer records what nobody carries over", schema.name());
        }
    }

    /** A directory that is locked or unusable is left alone: this is a witness more, not a duty to the caller. */
    void note() {
        lastAt = System.nanoTime();
        if (routes.isEmpty() || !stores.hasDirectory() || !routes.stream().allMatch(Route::serving)) {
            return;
        }
        try {
            JsonStore held = stores.heldJson();
            if (held != null) {
                note(held);
            } else {
                try (JsonStore json = stores.openJson()) {
                    note(json);
                }
            }
        } catch (DirectoryLockedException e) {
            LOG.debug("The database's position is not noted, another process holds the directory: {}", e.getMessage());
        } catch (StorageException e) {
            LOG.warn("The database's position could not be noted in JSON's ledger: {}", e.getMessage());
        }
    }

    private void note(JsonStore json) {
        for (Route route : routes) {
            note(json, route.schema());
            if (isLeftOver(route)) {
                endLeftOver(route.schema());
            }
        }
    }

    private void note(JsonStore json, CollectionSchema<?, ?> schema) {
        LedgerEntry entry = json.ledger().read(schema).orElse(null);
        if (entry == null || entry.state() == State.ACTIVE) {
            return;
        }
        if (!goesOnFrom(entry.seen(), schema)) {
            LOG.error(
                    "{}: PostgreSQL went back in time, it lacks what JSON's ledger has noted of it; the next start will be"
                            + " refused until you decide",
                    schema.name());
            return;
        }
        Position now = stores.postgres().ledger().remember(schema);
        // The time stays: it tells up to when the copy is complete, and nothing is copied here.
        json.ledger()
                .noteSeen(
                        schema,
                        new Fence(entry.epoch(), entry.term()),
                        now.at(entry.seen().time()));
    }

    /** A new note would replace the only one that tells. */
    private boolean goesOnFrom(Position noted, CollectionSchema<?, ?> schema) {
        Ledger ledger = stores.postgres().ledger();
        boolean remembers = ledger.remembers(schema, noted.token());
        return ledger.read(schema)
                .filter(entry -> !Histories.wentBack(entry.position(), remembers, noted))
                .isPresent();
    }
}
