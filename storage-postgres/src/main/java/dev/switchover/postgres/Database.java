package dev.switchover.postgres;

import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work on a connection: borrowed, retried where that is safe, and its failures told in our own words. Thread-safe.
 *
 * <p>What is retried: what the server says it rolled back (collisions, deadlocks, lock timeouts), and reads whose connection
 * was found dead at once. A lost write is never repeated, for it may have happened.
 */
final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.postgres");

    private static final int ATTEMPTS = 8;
    private static final Duration RETRY_FOR = Duration.ofSeconds(3);
    private static final Duration ASK_UNTIL = Duration.ofSeconds(6);
    private static final Duration LOST_AT_ONCE = Duration.ofSeconds(1);

    private final ConnectionSource source;
    private final Jdbi jdbi;
    private final LookAt lookAt;
    private volatile boolean closed;

    /** Looks at a connection before anything is done on it. */
    interface LookAt {
        /** @throws StorageException if it must not be used */
        void connection(Connection connection) throws SQLException;
    }

    Database(PostgresSettings settings, LookAt lookAt) {
        this.source = ConnectionSource.of(settings);
        this.lookAt = lookAt;
        this.jdbi = Jdbi.create(source.dataSource());
    }

    @Nullable
    PoolUse poolUse() {
        return source.use();
    }

    DataSource dataSource() {
        return source.dataSource();
    }

    /** What the work is about, for messages; the id where it is one record's. */
    record Subject(String collection, @Nullable String id) {}

    /** Reads, in autocommit. May be called twice. */
    <R> R read(Subject subject, SqlWork<R> work) {
        return attempts(subject, true, connection -> autocommit(connection, work));
    }

    /** Reads whether the server answers. A pool whose connections are all at work is no sign that it does not. */
    <R> R question(Subject subject, SqlWork<R> work) {
        if (source.isBusy()) {
            try (Connection connection = source.another()) {
                return work.on(connection);
            } catch (SQLException e) {
                // Perhaps the server has no connection left for it: then the pool has to tell.
                LOG.debug(
                        "No connection beside those of the pool: {}",
                        SqlFailure.connecting(e).reason());
            }
        }
        return read(subject, work);
    }

    /** Whether connections are ours to open, not the host's. */
    boolean opensOwn() {
        return source.isOurs();
    }

    /**
     * A connection beside those of the pool; to be closed by the caller. Only where they are ours to open.
     *
     * @throws StoreUnavailableException if none is to be had in time
     */
    Connection own() {
        return connect(source::another);
    }

    /** One statement that writes, in autocommit. Called again only after the server rolled it back. */
    <R> R write(Subject subject, SqlWork<R> work) {
        return attempts(subject, false, connection -> autocommit(connection, work));
    }

    /** Several statements, all or none. */
    <R> R transaction(Subject subject, Transaction transaction, SqlWork<R> work) {
        return attempts(subject, transaction.isRepeatable(), connection -> transaction.run(connection, work));
    }

    /**
     * A connection for longer, as for a cursor; to be closed by the caller.
     *
     * @throws StoreUnavailableException if none is to be had in time
     */
    Handle open() {
        if (closed) {
            throw new StorageClosedException();
        }
        try {
            Handle handle = jdbi.open();
            look(handle.getConnection(), handle::close);
            return handle;
        } catch (JdbiException e) {
            SQLException sql = sqlCause(e);
            if (sql == null && !closed) {
                throw e;
            }
            throw unreachable(sql == null ? new SQLException(e) : sql);
        }
    }

    private <R> R borrowing(SqlWork<R> work) throws SQLException {
        // A handle of JDBI's around it costs more than the rest of the library.
        Connection connection = connect(source.dataSource()::getConnection);
        try {
            return work.on(connection);
        } finally {
            giveBack(connection);
        }
    }

    static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // What was done is done; to repeat it for this would do it twice. The connection is the pool's to throw
            // away.
            LOG.debug("Giving back a connection: {}", SqlFailure.of(e).reason());
        }
    }

    private interface Opening {
        Connection connection() throws SQLException;
    }

    private Connection connect(Opening opening) {
        if (closed) {
            throw new StorageClosedException();
        }
        try {
            Connection connection = opening.connection();
            look(connection, () -> giveBack(connection));
            return connection;
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private StorageException unreachable(SQLException failure) {
        if (closed) {
            return new StorageClosedException();
        }
        SqlFailure connecting = SqlFailure.connecting(failure);
        return new StoreUnavailableException(
                Store.POSTGRESQL, "PostgreSQL is not reachable", connecting.reason(), connecting.cause());
    }

    /** @param giveBack what to do with it if it must not be used */
    private void look(Connection connection, Runnable giveBack) {
        boolean good = false;
        try {
            lookAt.connection(connection);
            good = true;
        } catch (SQLException e) {
            throw unreachable(e);
        } finally {
            if (!good) {
                giveBack.run();
            }
        }
    }

    private <R> R attempts(Subject subject, boolean repeatable, SqlWork<R> work) {
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            SqlFailure failure;
            try {
                return borrowing(work);
            } catch (Transaction.CommitLost e) {
                if (committed(e, begin)) {
                    @SuppressWarnings("unchecked") // It is what the work returned.
                    R result = (R) Objects.requireNonNull(e.result());
                    return result;
                }
                failure = SqlFailure.of(new SQLException("Rolled back with its connection", "40001"));
            } catch (SQLException e) {
                failure = SqlFailure.of(e);
            }
            Duration spent = Duration.ofNanos(System.nanoTime() - begin);
            boolean again = (failure.kind() == SqlFailure.Kind.TRANSIENT && spent.compareTo(RETRY_FOR) < 0)
                    || (failure.kind() == SqlFailure.Kind.LOST && repeatable && spent.compareTo(LOST_AT_ONCE) < 0);
            if (!again
                    || attempt >= ATTEMPTS
                    || closed
                    || Thread.currentThread().isInterrupted()) {
                throw failure.exception(subject, repeatable);
            }
            LockSupport.parkNanos(pauseNanos(attempt));
        }
    }

    /** @throws UnknownOutcomeException if the server cannot tell */
    private boolean committed(Transaction.CommitLost lost, long begin) {
        String name = lost.id();
        StorageException trouble = null;
        while (name != null && System.nanoTime() - begin < ASK_UNTIL.toNanos() && !closed) {
            try {
                Capabilities.Outcome outcome = borrowing(connection -> Capabilities.outcome(connection, name));
                if (outcome == Capabilities.Outcome.COMMITTED || outcome == Capabilities.Outcome.ABORTED) {
                    return outcome == Capabilities.Outcome.COMMITTED;
                }
                if (outcome == Capabilities.Outcome.UNKNOWN) {
                    break;
                }
            } catch (SQLException e) {
                if (SqlFailure.of(e).kind() == SqlFailure.Kind.REFUSED) {
                    break;
                }
            } catch (StoreUnavailableException e) {
                trouble = e;
            }
            LockSupport.parkNanos(20_000_000);
        }
        throw new UnknownOutcomeException(
                "The connection was lost during the commit, and asking afterwards did not help"
                        + (trouble == null ? "" : " (" + trouble.getMessage() + ")")
                        + ". Read the records to find out whether they were written",
                SqlFailure.of(lost).cause());
    }

    private static long pauseNanos(int attempt) {
        long most = 2_000_000L << attempt;
        return ThreadLocalRandom.current().nextLong(most / 2, most);
    }

    private static <R> R autocommit(Connection connection, SqlWork<R> work) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.setAutoCommit(true);
        }
        return work.on(connection);
    }

    private static @Nullable SQLException sqlCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    @Override
    public void close() {
        closed = true;
        source.close();
    }
}
