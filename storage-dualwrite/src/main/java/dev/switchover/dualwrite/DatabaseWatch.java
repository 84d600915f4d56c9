package dev.switchover.dualwrite;

import dev.switchover.dualwrite.guard.Histories;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Threads;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the database every second, or at once when a call has failed, whether it answers and whether its ledger still lets this
 * instance serve. Closes and opens the breaker ({@link DatabaseHealth}), fences routes that another instance has switched over
 * and resumes those that came back. Thread-safe.
 */
final class DatabaseWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.database");

    /** What the watch's thread does beside watching. */
    interface Start {
        /** The collection does not serve yet although the database answers. */
        void start(Route route);

        /** The database has answered; whatever is due from time to time may be done. */
        void answered();
    }

    private final RecordStore postgres;
    private final List<Route> routes;
    private final Start start;
    private final DatabaseHealth health;
    private final Duration interval;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private String lastReason = ""; // of the watch's thread
    private long requested;
    private long answered;
    private boolean asking;
    private long asked;
    private boolean anyAnswer;
    private long lastAnswered;
    private boolean closed;

    /**
     * @param routes those of database phases; others need no watch
     * @param interval between two questions
     * @param patience how long {@link #confirmAway} waits for an answer
     */
    DatabaseWatch(
            RecordStore postgres, List<Route> routes, Start start, Duration interval, Duration patience, Clock clock) {
        this.postgres = postgres;
        this.routes = List.copyOf(routes);
        this.start = start;
        this.health = new DatabaseHealth(clock);
        this.interval = interval;
        this.patience = patience;
        this.thread = new Thread(this::run, "switchover-database-watch");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    DatabaseHealth health() {
        return health;
    }

    /** @throws StoreUnavailableException at once while the database is known to be away */
    void check() {
        health.check();
    }

    /** Ask now: a call has failed, or was fenced. */
    void wake() {
        lock.lock();
        try {
            requested++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells whether the database is away, by the first answer to a question that was asked since a call began; waits for it,
     * bounded. What the watch has asked while the call was failing counts, so that the caller does not wait twice.
     *
     * @param since when the call began, by {@link System#nanoTime}
     */
    boolean confirmAway(long since) {
        if (health.outage() != null) {
            return true;
        }
        boolean interrupted = false;
        lock.lock();
        try {
            if (!answeredSince(since) && !(asking && asked - since >= 0)) {
                requested++;
                changed.signalAll();
            }
            long left = patience.toNanos();
            while (!answeredSince(since) && !closed && left > 0) {
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return !answeredSince(since) || health.outage() != null;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the last question that was answered had been asked since then. */
    private boolean answeredSince(long since) {
        return anyAnswer && lastAnswered - since >= 0;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Threads.join(thread, patience);
    }

    private void run() {
        while (true) {
            long upTo;
            lock.lock();
            try {
                long left = interval.toNanos();
                while (requested == answered && !closed && left > 0) {
                    left = changed.awaitNanos(left);
                }
                if (closed) {
                    return;
                }
                upTo = requested;
                asking = true;
                asked = System.nanoTime();
            } catch (InterruptedException e) {
                return; // only a host that stops all threads interrupts this one
            } finally {
                lock.unlock();
            }
            boolean answers = attempt(this::answers);
            // Those who wait want to know no more than that; what follows may have to wait for a connection.
            tell(upTo);
            if (answers) {
                attempt(() -> {
                    goOn();
                    return true;
                });
            }
        }
    }

    /** Nobody else watches: whatever goes wrong, as a database that is gone behind its answer, is left to the next look. */
    private boolean attempt(BooleanSupplier look) {
        try {
            return look.getAsBoolean();
        } catch (StorageException e) {
            warnOnce(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error mistake) {
            LOG.error("A look at the database failed by a mistake of the library's; the next one is taken", mistake);
        }
        return false;
    }

    private void tell(long upTo) {
        lock.lock();
        try {
            answered = upTo;
            asking = false;
            anyAnswer = true;
            lastAnswered = asked;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean answers() {
        try {
            postgres.ping();
            if (health.outage() != null) {
                // It may be another server now: nobody is served by it before its ledgers were looked at.
                routes.stream().filter(Route::serving).forEach(this::lookAtLedger);
            }
        } catch (FencedException e) {
            health.answered();
            routes.stream().filter(Route::serving).forEach(route -> wentBack(route, String.valueOf(e.getMessage())));
            return false;
        } catch (StorageException e) {
            health.silent(String.valueOf(e.getMessage()));
            return false;
        }
        health.answered();
        return true;
    }

    void goOn() {
        start.answered();
        for (Route route : routes) {
            try {
                if (route.serving()) {
                    lookAtLedger(route);
                } else {
                    start.start(route);
                }
            } catch (StoreUnavailableException e) {
                warnOnce(route.schema().name() + ": " + e.getMessage());
                return; // the others would wait as long, and whoever asks the next question with them
            } catch (StorageException e) {
                warnOnce(route.schema().name() + ": " + e.getMessage());
            }
        }
    }

    /** The same reason comes back every second; once is enough. */
    private void warnOnce(String reason) {
        if (!reason.equals(lastReason)) {
            lastReason = reason;
            LOG.warn("{}", reason);
        }
    }

    /** An older copy of the ledger may name an authority that has handed over since. */
    private boolean wentBack(Route route, LedgerEntry entry) {
        Position noted = route.ledgerPosition();
        boolean remembers = noted.token().equals(entry.position().token())
                || postgres.ledger().remembers(route.schema(), noted.token());
        return entry.epoch() < route.ledgerEpoch() || Histories.wentBack(entry.position(), remembers, noted);
    }

    private static void wentBack(Route route, String reason) {
        if (route.fencedBecause() == null) {
            route.fence(reason);
            LOG.error("{}", reason);
        }
    }

    private void lookAtLedger(Route route) {
        Optional<LedgerEntry> entry = postgres.ledger().read(route.schema());
        if (entry.isPresent() && wentBack(route, entry.get())) {
            wentBack(
                    route,
                    "PostgreSQL went back in time: its ledger for "
                            + route.schema().name() + " lacks what this instance has seen in it. Stop, and restart when"
                            + " the right data are in place");
            return;
        }
        entry.ifPresent(route::sawLedger);
        if (entry.isPresent() && entry.get().serves()) {
            if (route.fencedBecause() != null || route.epoch() != entry.get().epoch()) {
                postgres.serve(route.schema(), entry.get().epoch());
                route.serve(entry.get().epoch());
                LOG.info(
                        "{} is served again, in epoch {}",
                        route.schema().name(),
                        entry.get().epoch());
            }
        } else if (route.fencedBecause() == null) {
            String reason = "Collection " + route.schema().name() + " has been switched over by another instance"
                    + entry.map(e -> " (PostgreSQL's ledger: " + e.state() + ", epoch " + e.epoch() + ")")
                            .orElse("")
                    + "; restart this instance with the flags of the new phase";
            route.fence(reason);
            LOG.warn("{}", reason);
        }
    }
}
