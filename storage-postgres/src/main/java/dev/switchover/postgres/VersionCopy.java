package dev.switchover.postgres;

import dev.switchover.storage.schema.RawRecord;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Ids, versions and orders as the server sends them, without being asked for more now and then: nobody waits for the other in turns.
 * The envelope first, then records in no order. On a connection that is in a transaction. Used by one thread.
 */
final class VersionCopy extends AheadRows {

    private static final byte[] NO_BODY = {};

    private final RecordTable table;
    private final CopiedRows rows;

    private VersionCopy(RecordTable table, CopiedRows rows, @Nullable RawRecord envelope) {
        super(table.schema(), envelope);
        this.table = table;
        this.rows = rows;
    }

    /**
     * Asks for the first row.
     *
     * @param table whose rows are read as they lie
     * @param envelope what comes first, and with its body; null if the collection has none
     */
    static VersionCopy open(Connection connection, RecordTable table, @Nullable RawRecord envelope)
            throws SQLException {
        String select = "SELECT " + CopiedRows.versions(table) + CopiedRows.from(table);
        VersionCopy copy = new VersionCopy(table, CopiedRows.open(connection, table.schema(), select), envelope);
        copy.begin();
        return copy;
    }

    @Override
    @Nullable
    RawRecord read() throws SQLException {
        ByteBuffer row = rows.next();
        return row == null
                ? null
                : new RawRecord(CopiedRows.id(table, row), CopiedRows.number(row), CopiedRows.number(row), NO_BODY);
    }

    @Override
    void end() {
        rows.close();
    }
}
