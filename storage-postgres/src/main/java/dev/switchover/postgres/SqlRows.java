package dev.switchover.postgres;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records that several statements give one after the other, on a connection that is in a transaction. Used by one thread. */
final class SqlRows extends AheadRows {

    /** One statement of several that are read one after the other. */
    record Part(RecordTable table, QuerySql.Statement sql) {}

    private static final int FETCH = 1_000;

    private final Connection connection;
    private final Deque<Part> parts;

    private @Nullable PreparedStatement statement;
    private @Nullable ResultSet rows;
    private @Nullable Part part;
    private boolean closed;

    private SqlRows(CollectionSchema<?, ?> schema, Connection connection, List<Part> parts) {
        super(schema, null);
        this.connection = connection;
        this.parts = new ArrayDeque<>(parts);
    }

    /** Asks for the first row. */
    static SqlRows open(Connection connection, CollectionSchema<?, ?> schema, List<Part> parts) throws SQLException {
        SqlRows rows = new SqlRows(schema, connection, parts);
        rows.begin();
        return rows;
    }

    @Override
    @Nullable
    RawRecord read() throws SQLException {
        while (!closed) {
            if (rows == null && !openNext()) {
                return null;
            }
            ResultSet open = rows;
            Part of = part;
            if (open != null && of != null && open.next()) {
                return read(of, open);
            }
            closeStatement();
        }
        return null;
    }

    private static @Nullable RawRecord read(Part of, ResultSet row) throws SQLException {
        try {
            return of.table().read(row, 1);
        } catch (InvalidRecordException e) {
            throw withId(e, row.getString(1));
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
    void end() {
        closed = true;
        try {
            closeStatement();
        } catch (SQLException e) {
            // What was read is read; the transaction's owner finds a broken connection out.
            org.slf4j.LoggerFactory.getLogger("dev.switchover.postgres")
                    .debug(
                            "Closing a statement over {}: {}",
                            schema().name(),
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
