package dev.switchover.postgres;

import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordCursor;
import java.sql.SQLException;
import java.util.List;

/**
 * Records read as the caller goes along, in a transaction of its own on a connection of its own, so that all of them are as of
 * one moment and few of them are in memory. Used by one thread.
 */
final class SqlCursor implements RecordCursor {

    /** One statement of several that are read one after the other. */
    record Part(RecordTable table, QuerySql.Statement sql) {}

    private final BulkRead read;
    private final SqlRows rows;

    private SqlCursor(BulkRead read, SqlRows rows) {
        this.read = read;
        this.rows = rows;
    }

    static SqlCursor open(
            Database database, PostgresSettings settings, CollectionSchema<?, ?> schema, List<Part> parts) {
        BulkRead read = null;
        SqlCursor cursor = null;
        try {
            read = BulkRead.open(database, settings);
            cursor = new SqlCursor(read, SqlRows.open(read.connection(), schema, parts));
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
        return rows.hasNext();
    }

    @Override
    public RawRecord next() {
        try {
            return rows.next();
        } catch (StoreUnavailableException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        rows.close();
        read.close();
    }
}
