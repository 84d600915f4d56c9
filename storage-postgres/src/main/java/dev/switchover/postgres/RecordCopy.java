package dev.switchover.postgres;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.ColumnMapping;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All records of a table through {@code COPY}, in the collection's order or in that of their ids, on a connection that is in a
 * transaction. Used by one thread.
 *
 * <p>The server's statement timeout would count the whole of it, also the time in which the reader is busy; so it is off meanwhile.
 * A server that says nothing is given up after the connection's network timeout.
 */
final class RecordCopy extends AheadRows {

    private final RecordTable table;
    private final Connection connection;
    private final Duration timeoutBefore;
    private final CopiedRows rows;
    private boolean closed;

    private RecordCopy(
            RecordTable table,
            Connection connection,
            Duration timeoutBefore,
            @Nullable RawRecord envelope,
            CopiedRows rows) {
        super(table.schema(), envelope);
        this.table = table;
        this.connection = connection;
        this.timeoutBefore = timeoutBefore;
        this.rows = rows;
    }

    /** Asks for the first row. @param statementTimeout the server's for whatever follows */
    static RecordCopy inOrder(Connection connection, RecordTable table, Duration statementTimeout) throws SQLException {
        return open(connection, table, statementTimeout, null, "r." + RecordTable.ORDER);
    }

    /** The same, the envelope first if there is one, then records by id. */
    static RecordCopy byId(
            Connection connection, RecordTable table, Duration statementTimeout, @Nullable RawRecord envelope)
            throws SQLException {
        return open(connection, table, statementTimeout, envelope, RecordReader.byId(table));
    }

    private static RecordCopy open(
            Connection connection,
            RecordTable table,
            Duration statementTimeout,
            @Nullable RawRecord envelope,
            String order)
            throws SQLException {
        set(connection, Duration.ZERO);
        CopiedRows rows = CopiedRows.open(connection, table.schema(), select(table) + " ORDER BY " + order);
        RecordCopy copy = new RecordCopy(table, connection, statementTimeout, envelope, rows);
        copy.begin();
        return copy;
    }

    private static String select(RecordTable table) {
        return "SELECT " + CopiedRows.versions(table) + ", "
                + table.values().stream()
                        .map(value -> value.select().replace("%s", "r." + value.name()))
                        // The text of a document is sent as it is; everything else is made text by the server.
                        .map(value -> table.document() ? value : "(" + value + ")::text")
                        .collect(Collectors.joining(", "))
                + CopiedRows.from(table);
    }

    private static void set(Connection connection, Duration timeout) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
        }
    }

    @Override
    @Nullable
    RawRecord read() throws SQLException {
        ByteBuffer row = rows.next();
        if (row == null) {
            return null;
        }
        RecordId id = CopiedRows.id(table, row);
        try {
            long version = CopiedRows.number(row);
            long order = CopiedRows.number(row);
            return new RawRecord(id, version, order, body(row, id));
        } catch (InvalidRecordException e) {
            throw withId(e, id.text());
        }
    }

    private byte[] body(ByteBuffer row, RecordId id) {
        ColumnMapping columns = table.mapping();
        if (columns == null) {
            byte[] document = CopiedRows.field(row);
            if (document == null) {
                throw new InvalidRecordException(schema().name(), id.text(), "", "its document is NULL");
            }
            return document;
        }
        @Nullable String[] texts = new String[table.values().size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = CopiedRows.text(row);
        }
        return table.body(columns, texts, id.text());
    }

    @Override
    void end() {
        if (closed) {
            return;
        }
        closed = true;
        rows.close();
        try {
            set(connection, timeoutBefore);
        } catch (SQLException e) {
            // What was read is read; the transaction's owner finds a broken connection out.
            org.slf4j.LoggerFactory.getLogger("dev.switchover.postgres")
                    .debug(
                            "Behind a COPY of {}: {}",
                            schema().name(),
                            SqlFailure.of(e).reason());
        }
    }
}
