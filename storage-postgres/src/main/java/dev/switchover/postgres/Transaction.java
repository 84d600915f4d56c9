package dev.switchover.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * A transaction about to be run, once or, after the server rolled it back, again. Its settings are made with {@code SET LOCAL},
 * so that none of them outlives it. Used by one thread.
 */
final class Transaction {

    private final boolean repeatable;
    private final String setup;
    private @Nullable String id;

    private Transaction(boolean repeatable, String setup) {
        this.repeatable = repeatable;
        this.setup = setup;
    }

    /**
     * Reads and writes at READ COMMITTED.
     *
     * @param setup statements for its beginning, separated by {@code ;}, or empty
     */
    static Transaction writing(String setup) {
        return new Transaction(false, setup);
    }

    /** Reads, everything as of one moment. */
    static Transaction reading(String setup) {
        String snapshot = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
        return new Transaction(true, setup.isEmpty() ? snapshot : snapshot + "; " + setup);
    }

    /** Writes what may be written twice, so that after a lost commit it is simply done again. */
    static Transaction repeatable() {
        return new Transaction(true, "");
    }

    boolean isRepeatable() {
        return repeatable;
    }

    /** Tells, before the commit, by what name the server can be asked about it afterwards; see {@link Capabilities}. */
    void known(@Nullable String name) {
        this.id = name;
    }

    <R> R run(Connection connection, SqlWork<R> work) throws SQLException {
        id = null;
        boolean before = connection.getAutoCommit();
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            begin(connection);
            R result = work.on(connection);
            commit(connection, result);
            done = true;
            return result;
        } finally {
            end(connection, done, before);
        }
    }

    void begin(Connection connection) throws SQLException {
        if (!setup.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(setup);
            }
        }
    }

    private void commit(Connection connection, Object result) throws SQLException {
        // After a failed statement the server answers COMMIT with a rollback, and a driver may return as if all were
        // well.
        if (connection.isWrapperFor(BaseConnection.class)
                && connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED) {
            throw new SQLException("A statement of the transaction had failed", "25P02");
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            if (!repeatable && SqlFailure.of(e).kind() == SqlFailure.Kind.LOST) {
                throw new CommitLost(id, result, e);
            }
            throw e;
        }
    }

    private static void end(Connection connection, boolean done, boolean before) throws SQLException {
        try {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(before);
        } catch (SQLException e) {
            // The connection is broken and its transaction ends with it; what broke it is on its way to the caller.
            if (done) {
                throw e;
            }
        }
    }

    /** The answer to COMMIT did not come. */
    static final class CommitLost extends SQLException {
        private static final long serialVersionUID = 1;

        private final @Nullable String id;
        private final transient @Nullable Object result;

        CommitLost(@Nullable String id, Object result, SQLException cause) {
            super("The answer to COMMIT was lost", "40003", cause);
            this.id = id;
            this.result = result;
        }

        @Nullable
        String id() {
            return id;
        }

        @Nullable
        Object result() {
            return result;
        }
    }
}
