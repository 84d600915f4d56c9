package dev.switchover.postgres;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordCursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Records read as the caller goes along, in a transaction of its own on a connection of its own, so that all of them are as of
 * one moment and few of them are in memory. Used by one thread.
 */
final class SqlCursor implements RecordCursor {

    private static final int FETCH = 1_000;

    /** One statement of several that are read one after the other. */
    record Part(RecordTable table, QuerySql.Statement sql) {}

    private final CollectionSchema<?, ?> schema;
    private final Handle handle;
    private final Deque<Part> parts;
    private final boolean autoCommitBefore;
    private final int timeoutBefore;

    private @Nullable PreparedStatement statement;
    private @Nullable ResultSet rows;
    private @Nullable RecordTable table;
    private @Nullable RawRecord next;
    /** Why the next row is no record; then it is thrown in its place. */
    private @Nullable InvalidRecordException unreadable;

    private boolean closed;

    private SqlCursor(CollectionSchema<?, ?> schema, Handle handle, List<Part> parts) throws SQLException {
        this.schema = schema;
        this.handle = handle;
        this.parts = new ArrayDeque<>(parts);
        this.autoCommitBefore = handle.getConnection().getAutoCommit();
        this.timeoutBefore = handle.getConnection().getNetworkTimeout();
    }

    static SqlCursor open(
            Database database, PostgresSettings settings, CollectionSchema<?, ?> schema, List<Part> parts) {
        Handle handle = database.open();
        SqlCursor cursor = null;
        try {
            cursor = new SqlCursor(schema, handle, parts);
            cursor.begin(settings);
            return cursor;
        } catch (SQLException e) {
            if (cursor == null) {
                handle.close();
            } else {
                cursor.close();
            }
            throw failure(schema, e);
        }
    }

    private void begin(PostgresSettings settings) throws SQLException {
        Connection connection = handle.getConnection();
        connection.setAutoCommit(false);
        // The first row of a sorted query may take as long as the table is large.
        int bulk = (int) settings.bulkTimeout().toMillis();
        // A lock that somebody else holds is not work: for that no call waits longer than for any other statement.
        Transaction.reading("SET LOCAL statement_timeout = " + bulk + "; SET LOCAL lock_timeout = "
                        + settings.statementTimeout().toMillis())
                .begin(connection);
        connection.setNetworkTimeout(Runnable::run, bulk);
        advance();
    }

    @Override
    public boolean hasNext() {
        return next != null || unreadable != null;
    }

    @Override
    public RawRecord next() {
        RawRecord record = next;
        InvalidRecordException invalid = unreadable;
        if (record == null && invalid == null) {
            throw new NoSuchElementException();
        }
        try {
            advance();
        } catch (SQLException e) {
            close();
            throw failure(schema, e);
        }
        if (record == null) {
            throw Objects.requireNonNull(invalid);
        }
        return record;
    }

    private void advance() throws SQLException {
        next = null;
        unreadable = null;
        while (!hasNext() && !closed) {
            if (rows == null && !openNext()) {
                return;
            }
            ResultSet open = rows;
            RecordTable shape = table;
            if (open != null && shape != null && open.next()) {
                read(shape, open);
            } else {
                closeStatement();
            }
        }
    }

    private void read(RecordTable shape, ResultSet row) throws SQLException {
        try {
            next = shape.read(row, 1);
        } catch (InvalidRecordException e) {
            String id = e.id() == null ? row.getString(1) : e.id();
            unreadable = new InvalidRecordException(e.collection(), id, e.path(), e.reason());
        }
    }

    private boolean openNext() throws SQLException {
        Part part = parts.poll();
        if (part == null) {
            return false;
        }
        PreparedStatement prepared = handle.getConnection().prepareStatement(part.sql.text());
        statement = prepared;
        prepared.setFetchSize(FETCH);
        rows = Bind.all(prepared, part.sql.parameters()).executeQuery();
        table = part.table;
        return true;
    }

    private void closeStatement() throws SQLException {
        PreparedStatement open = statement;
        statement = null;
        rows = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        next = null;
        unreadable = null;
        Connection connection = handle.getConnection();
        try {
            closeStatement();
            connection.rollback();
            connection.setAutoCommit(autoCommitBefore);
            connection.setNetworkTimeout(Runnable::run, timeoutBefore);
        } catch (SQLException e) {
            // Only the end of a read-only transaction failed; the pool throws the broken connection away.
            org.slf4j.LoggerFactory.getLogger(SqlCursor.class)
                    .debug(
                            "Closing a cursor over {}: {}",
                            schema.name(),
                            SqlFailure.of(e).reason());
        } finally {
            handle.close();
        }
    }

    private static StoreUnavailableException failure(CollectionSchema<?, ?> schema, SQLException e) {
        SqlFailure failure = SqlFailure.of(e);
        return new StoreUnavailableException(
                Store.POSTGRESQL,
                "Reading " + schema.name() + " from PostgreSQL broke off",
                failure.reason(),
                failure.cause());
    }
}
