package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Ids, versions and orders as the server sends them, without being asked for more now and then: nobody waits for the other in turns.
 * The envelope first, then records in no order. In a transaction of its own on a connection of its own. Used by one thread.
 */
final class VersionCopy implements RecordCursor {

    private static final byte[] NO_BODY = {};
    /** What binary {@code COPY} begins with: signature, flags, length of an extension. */
    private static final int HEADER = 19;

    private final CollectionSchema<?, ?> schema;
    private final boolean numericId;
    private final BulkRead read;
    private final CopyOut copy;
    private boolean begun;
    private @Nullable RawRecord next;

    private VersionCopy(
            CollectionSchema<?, ?> schema, boolean numericId, BulkRead read, CopyOut copy, @Nullable RawRecord first)
            throws SQLException {
        this.schema = schema;
        this.numericId = numericId;
        this.read = read;
        this.copy = copy;
        this.next = first;
        if (first == null) {
            advance();
        }
    }

    /**
     * @param envelope what gives the envelope, which comes first, and with its body; nothing if the collection has none
     * @param table whose rows are read as they lie
     */
    static VersionCopy open(
            Database database,
            PostgresSettings settings,
            CollectionSchema<?, ?> schema,
            List<SqlCursor.Part> envelope,
            RecordTable table) {
        BulkRead read = null;
        VersionCopy cursor = null;
        try {
            read = BulkRead.open(database, settings);
            RawRecord first = null;
            try (SqlRows rows = SqlRows.open(read.connection(), schema, envelope)) {
                first = rows.hasNext() ? rows.next() : null;
            }
            CopyOut copy = read.connection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (SELECT " + table.copiedVersion("r") + " FROM " + table.source("r")
                            + ") TO STDOUT (FORMAT binary)");
            cursor = new VersionCopy(schema, table.numericId(), read, copy, first);
            return cursor;
        } catch (SQLException e) {
            throw SqlRows.brokenOff(schema, e);
        } finally {
            if (cursor == null && read != null) {
                read.close();
            }
        }
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public RawRecord next() {
        RawRecord record = next;
        if (record == null) {
            throw new NoSuchElementException();
        }
        try {
            advance();
        } catch (SQLException e) {
            close();
            throw SqlRows.brokenOff(schema, e);
        }
        return record;
    }

    private void advance() throws SQLException {
        next = null;
        byte[] message = copy.readFromCopy();
        while (message != null && next == null) {
            ByteBuffer row = ByteBuffer.wrap(message);
            if (!begun) {
                row.position(HEADER);
                begun = true;
            }
            // A row, or minus one behind the last.
            if (row.remaining() >= 2 && row.getShort() > 0) {
                next = record(row);
            } else {
                message = copy.readFromCopy();
            }
        }
    }

    private RawRecord record(ByteBuffer row) {
        int length = row.getInt();
        String id = numericId
                ? Long.toString(row.getLong(row.position()))
                : new String(row.array(), row.position(), length, StandardCharsets.UTF_8);
        row.position(row.position() + length);
        row.getInt();
        long version = row.getLong();
        row.getInt();
        return new RawRecord(new RecordId(id), version, row.getLong(), NO_BODY);
    }

    @Override
    public void close() {
        next = null;
        try {
            // Read to its end, which costs less than what a cancellation that comes too late may hit.
            while (copy.isActive() && copy.readFromCopy() != null) {}
        } catch (SQLException e) {
            // It was to end, and so it does: with the transaction that is rolled back now.
            org.slf4j.LoggerFactory.getLogger("dev.switchover.postgres")
                    .debug(
                            "Ending a COPY of {}: {}",
                            schema.name(),
                            SqlFailure.of(e).reason());
        } finally {
            read.close();
        }
    }
}
