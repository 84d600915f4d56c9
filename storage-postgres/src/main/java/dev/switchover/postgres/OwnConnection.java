package dev.switchover.postgres;

import dev.switchover.storage.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection beside the pool, for whoever may not wait for one: it is there or not, opened on a thread of its own, and an answer that
 * does not come in time ends it. Thread-safe.
 */
final class OwnConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.postgres");

    /** After so much rest a connection is looked at before it is used, as in the pool. */
    private static final long REST = Duration.ofMillis(500).toNanos();

    /** What has rested so long is not even looked at: something on the way may have forgotten it, and tells nobody. */
    private static final long LONG_REST = Duration.ofMinutes(2).toNanos();

    private static final long LIFETIME = Duration.ofMinutes(30).toNanos();
    private static final long PAUSE = Duration.ofSeconds(10).toNanos();

    private final Database database;
    private final int answerMillis;
    private final AtomicLong notBefore;
    private final LongSupplier nanoTime;
    private @Nullable Connection connection;
    private long opened;
    private long used;
    private boolean opening;
    private boolean closed;

    /** @param notBefore when it may be tried again after a failure; kept by the caller */
    OwnConnection(Database database, Duration answer, AtomicLong notBefore, LongSupplier nanoTime) {
        this.database = database;
        this.nanoTime = nanoTime;
        this.answerMillis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, answer.toMillis()));
        this.notBefore = notBefore;
    }

    /** Null if there is none that may be used at once. */
    synchronized @Nullable Connection ready() {
        long now = nanoTime.getAsLong();
        return now - used > REST || now - opened > LIFETIME ? null : connection;
    }

    /** It has answered. */
    synchronized void answered() {
        used = nanoTime.getAsLong();
    }

    /** Unless it is ready looks at the one there is, a second at most, or begins to open one. By the only one who uses it. */
    void makeReady() {
        if (ready() != null) {
            return;
        }
        Connection mine;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            boolean young = now - opened < LIFETIME && now - used < LONG_REST;
            mine = young ? connection : null;
        }
        if (mine != null && isValid(mine)) {
            answered();
            return;
        }
        discard();
        synchronized (this) {
            if (opening || closed || nanoTime.getAsLong() - notBefore.get() < 0) {
                return;
            }
            opening = true;
        }
        Thread thread = new Thread(this::open, "switchover-mirror-connection");
        thread.setDaemon(true);
        thread.start();
    }

    private static boolean isValid(Connection connection) {
        try {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private void open() {
        Connection fresh = tryToOpen();
        boolean kept;
        synchronized (this) {
            opening = false;
            kept = fresh != null && !closed;
            if (kept) {
                connection = fresh;
                opened = nanoTime.getAsLong();
                used = opened;
            }
        }
        if (fresh != null && !kept) {
            Database.giveBack(fresh);
        }
    }

    private @Nullable Connection tryToOpen() {
        Connection fresh = null;
        try {
            fresh = database.own();
            fresh.setNetworkTimeout(Runnable::run, answerMillis);
            return fresh;
        } catch (StorageException | SQLException e) {
            notBefore.set(nanoTime.getAsLong() + PAUSE);
            LOG.debug("No connection beside those of the pool: {}", e.getClass().getSimpleName());
            if (fresh != null) {
                Database.giveBack(fresh);
            }
            return null;
        }
    }

    /** What is there is not to be used again. */
    void discard() {
        Connection mine;
        synchronized (this) {
            mine = connection;
            connection = null;
        }
        if (mine != null) {
            Database.giveBack(mine);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        discard();
    }
}
