package dev.switchover.postgres;

import dev.switchover.postgres.SqlCursor.Part;
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
import org.jspecify.annotations.Nullable;

/** The records that several statements give one after the other, on a connection that is in a transaction. Used by one thread. */
final class SqlRows implements RecordCursor {

    private static final int FETCH = 1_000;

    private final CollectionSchema<?, ?> schema;
    private final Connection connection;
    private final Deque<Part> parts;

    private @Nullable PreparedStatement statement;
    private @Nullable ResultSet rows;
    private @Nullable Part part;
    private @Nullable RawRecord next;
    /** Why the next row is no record; then it is thrown in its place. */
    private @Nullable InvalidRecordException unreadable;

    private boolean closed;

    private SqlRows(CollectionSchema<?, ?> schema, Connection connection, List<Part> parts) {
        this.schema = schema;
        this.connection = connection;
        this.parts = new ArrayDeque<>(parts);
    }

    /** Asks for the first row. */
    static SqlRows open(Connection connection, CollectionSchema<?, ?> schema, List<Part> parts) throws SQLException {
        SqlRows rows = new SqlRows(schema, connection, parts);
        rows.advance();
        return rows;
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
            throw brokenOff(schema, e);
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
            Part of = part;
            if (open != null && of != null && open.next()) {
                read(of, open);
            } else {
                closeStatement();
            }
        }
    }

    private void read(Part of, ResultSet row) throws SQLException {
        try {
            next = of.table().read(row, 1);
        } catch (InvalidRecordException e) {
            String id = e.id() == null ? row.getString(1) : e.id();
            unreadable = new InvalidRecordException(e.collection(), id, e.path(), e.reason());
        }
    }

    private boolean openNext() throws SQLException {
        Part following = parts.poll();
        if (following == null) {
            return false;
        }
        PreparedStatement prepared = connection.prepareStatement(following.sql().text());
        statement = prepared;
        prepared.setFetchSize(FETCH);
        rows = Bind.all(prepared, following.sql().parameters()).executeQuery();
        part = following;
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
        closed = true;
        next = null;
        unreadable = null;
        try {
            closeStatement();
        } catch (SQLException e) {
            // What was read is read; the transaction's owner finds a broken connection out.
            org.slf4j.LoggerFactory.getLogger("dev.switchover.postgres")
                    .debug(
                            "Closing a statement over {}: {}",
                            schema.name(),
                            SqlFailure.of(e).reason());
        }
    }

    static StoreUnavailableException brokenOff(CollectionSchema<?, ?> schema, SQLException e) {
        SqlFailure failure = SqlFailure.of(e);
        return new StoreUnavailableException(
                Store.POSTGRESQL,
                "Reading " + schema.name() + " from PostgreSQL broke off",
                failure.reason(),
                failure.cause());
    }
}
