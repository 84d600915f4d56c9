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
final class BulkCursor implements RecordCursor {

    private final BulkRead read;
    private final AheadRows rows;

    private BulkCursor(BulkRead read, AheadRows rows) {
        this.read = read;
        this.rows = rows;
    }

    /** What several statements give, one after the other. */
    static BulkCursor open(
            Database database, PostgresSettings settings, CollectionSchema<?, ?> schema, List<SqlRows.Part> parts) {
        return open(database, settings, schema, connection -> SqlRows.open(connection, schema, parts));
    }

    /** @param opening opens the rows on the connection */
    static BulkCursor open(
            Database database,
            PostgresSettings settings,
            CollectionSchema<?, ?> schema,
            SqlWork<? extends AheadRows> opening) {
        BulkRead read = null;
        BulkCursor cursor = null;
        try {
            read = BulkRead.open(database, settings);
            cursor = new BulkCursor(read, opening.on(read.connection()));
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
