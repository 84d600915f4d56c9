package dev.switchover.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction of its own on a connection of its own, in which everything is as of one moment, for reads that may take as long as
 * the tables are large. Used by one thread.
 */
final class BulkRead implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.postgres");

    private final Handle handle;
    private final Connection connection;
    private final boolean autoCommitBefore;
    private final int timeoutBefore;
    private boolean closed;

    private BulkRead(Handle handle, Connection connection) throws SQLException {
        this.handle = handle;
        this.connection = connection;
        this.autoCommitBefore = connection.getAutoCommit();
        this.timeoutBefore = connection.getNetworkTimeout();
    }

    /** The moment is that of the first statement run in it. */
    static BulkRead open(Database database, PostgresSettings settings) throws SQLException {
        Handle handle = database.open();
        BulkRead read = null;
        boolean begun = false;
        try {
            read = new BulkRead(handle, handle.getConnection());
            read.begin(settings);
            begun = true;
            return read;
        } finally {
            if (!begun && read != null) {
                read.close();
            } else if (!begun) {
                handle.close();
            }
        }
    }

    private void begin(PostgresSettings settings) throws SQLException {
        connection.setAutoCommit(false);
        // The first row of a sorted query may take as long as the table is large.
        int bulk = (int) settings.bulkTimeout().toMillis();
        // A lock that somebody else holds is not work: for that no call waits longer than for any other statement.
        Transaction.reading("SET LOCAL statement_timeout = " + bulk + "; SET LOCAL lock_timeout = "
                        + settings.statementTimeout().toMillis())
                .begin(connection);
        connection.setNetworkTimeout(Runnable::run, bulk);
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            connection.rollback();
            connection.setAutoCommit(autoCommitBefore);
            connection.setNetworkTimeout(Runnable::run, timeoutBefore);
        } catch (SQLException e) {
            // Only the end of a read-only transaction failed; the pool throws the broken connection away.
            LOG.debug("Ending a read: {}", SqlFailure.of(e).reason());
        } finally {
            handle.close();
        }
    }
}
