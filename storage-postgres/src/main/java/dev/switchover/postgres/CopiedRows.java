package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows as the server sends them, without being asked for more now and then: nobody waits for the other in turns. On a connection
 * that is in a transaction. Used by one thread. Close it before the connection is used for anything else.
 */
final class CopiedRows implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.postgres");

    /** What binary {@code COPY} begins with: signature, flags, length of an extension. */
    private static final int HEADER = 19;

    /** To read on to the end costs less than a cancellation that comes too late may hit, but not for ever. */
    private static final int ROWS_LEFT_AT_MOST = 100_000;

    private static final long BYTES_LEFT_AT_MOST = 32 << 20;

    private final CollectionSchema<?, ?> schema;
    private final Connection connection;
    private final CopyOut copy;
    private boolean begun;

    private CopiedRows(CollectionSchema<?, ?> schema, Connection connection, CopyOut copy) {
        this.schema = schema;
        this.connection = connection;
        this.copy = copy;
    }

    /** @param select without parameters */
    static CopiedRows open(Connection connection, CollectionSchema<?, ?> schema, String select) throws SQLException {
        try {
            CopyOut copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (" + select + ") TO STDOUT (FORMAT binary)");
            return new CopiedRows(schema, connection, copy);
        } catch (SQLException e) {
            giveUpUnlessTold(connection, e);
            throw e;
        }
    }

    /**
     * Ends a connection whose {@code COPY} failed in any other way than by a report of the server. The driver takes a {@code COPY} that
     * timed out for ended and lets the connection be used; what the server says of it later could be taken for the answer to another
     * statement.
     */
    private static void giveUpUnlessTold(Connection connection, SQLException e) throws SQLException {
        if (!(e instanceof PSQLException told) || told.getServerErrorMessage() == null) {
            connection.abort(Runnable::run);
        }
    }

    /** The rows of a table. A row of others without an id is no record. */
    static String from(RecordTable table) {
        String rows = " FROM " + table.source("r");
        return table.side() == null ? rows : rows + " WHERE r." + table.idColumn() + " IS NOT NULL";
    }

    /** The next row, its fields one behind the other, see {@link #field}; null behind the last. */
    @Nullable
    ByteBuffer next() throws SQLException {
        for (byte[] message = received(); message != null; message = received()) {
            ByteBuffer row = ByteBuffer.wrap(message);
            if (!begun) {
                row.position(HEADER);
                begun = true;
            }
            // How many fields, or minus one behind the last row.
            if (row.remaining() >= 2 && row.getShort() > 0) {
                return row;
            }
        }
        return null;
    }

    /** What {@link #id} and two {@link #number}s read: id, version and order of {@code r}. An id that is a number stays one. */
    static String versions(RecordTable table) {
        return "r." + table.idColumn() + (table.numericId() ? ", r." : "::text, r.") + RecordTable.VERSION + ", r."
                + RecordTable.ORDER;
    }

    static RecordId id(RecordTable table, ByteBuffer row) {
        return new RecordId(table.numericId() ? Long.toString(number(row)) : String.valueOf(text(row)));
    }

    static long number(ByteBuffer row) {
        row.getInt(); // its length
        return row.getLong();
    }

    /** Null for NULL. */
    static byte @Nullable [] field(ByteBuffer row) {
        int length = row.getInt();
        if (length < 0) {
            return null;
        }
        int from = row.position();
        row.position(from + length);
        return Arrays.copyOfRange(row.array(), from, from + length);
    }

    static @Nullable String text(ByteBuffer row) {
        byte[] field = field(row);
        return field == null ? null : new String(field, StandardCharsets.UTF_8);
    }

    /** What was not read is read to its end; if that is far away, the connection is given up. */
    @Override
    public void close() {
        try {
            int rows = 0;
            long bytes = 0;
            for (byte[] row = received(); row != null; row = received()) {
                bytes += row.length;
                if (++rows > ROWS_LEFT_AT_MOST || bytes > BYTES_LEFT_AT_MOST) {
                    connection.abort(Runnable::run);
                    return;
                }
            }
        } catch (SQLException e) {
            // It was to end, and so it does: with the transaction, which is rolled back.
            LOG.debug("Ending a COPY of {}: {}", schema.name(), SqlFailure.of(e).reason());
        }
    }

    private byte @Nullable [] received() throws SQLException {
        try {
            return copy.isActive() ? copy.readFromCopy() : null;
        } catch (SQLException e) {
            giveUpUnlessTold(connection, e);
            throw e;
        }
    }
}
