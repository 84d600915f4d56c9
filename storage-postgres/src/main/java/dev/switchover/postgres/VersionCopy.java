package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ids, versions and orders as the server sends them, without being asked for more now and then: nobody waits for the other in turns.
 * The envelope first, then records in no order. In a transaction of its own on a connection of its own. Used by one thread.
 */
final class VersionCopy extends AheadRows {

    private static final byte[] NO_BODY = {};

    private final RecordTable table;
    private final BulkRead read;
    private final CopiedRows rows;
    /** What comes before the rows. */
    private @Nullable RawRecord envelope;

    private VersionCopy(RecordTable table, BulkRead read, CopiedRows rows, @Nullable RawRecord envelope) {
        super(table.schema());
        this.table = table;
        this.envelope = envelope;
        this.read = read;
        this.rows = rows;
    }

    /**
     * @param envelope what gives the envelope, which comes first, and with its body; nothing if the collection has none
     * @param table whose rows are read as they lie
     */
    static VersionCopy open(
            Database database, PostgresSettings settings, List<SqlCursor.Part> envelope, RecordTable table) {
        CollectionSchema<?, ?> schema = table.schema();
        BulkRead read = null;
        VersionCopy cursor = null;
        try {
            read = BulkRead.open(database, settings);
            RawRecord first = null;
            try (SqlRows found = SqlRows.open(read.connection(), schema, envelope)) {
                first = found.hasNext() ? found.next() : null;
            }
            String select = "SELECT " + CopiedRows.versions(table) + " FROM " + table.source("r");
            VersionCopy opened =
                    new VersionCopy(table, read, CopiedRows.open(read.connection(), schema, select), first);
            opened.begin();
            cursor = opened;
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
    @Nullable
    RawRecord read() throws SQLException {
        RawRecord first = envelope;
        if (first != null) {
            envelope = null;
            return first;
        }
        ByteBuffer row = rows.next();
        return row == null
                ? null
                : new RawRecord(CopiedRows.id(table, row), CopiedRows.number(row), CopiedRows.number(row), NO_BODY);
    }

    @Override
    void end() {
        rows.close();
        read.close();
    }
}
