package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** Several collections in one transaction that only reads. Used by one thread. */
final class PostgresSnapshot implements RecordSnapshot {

    private final BulkRead read;
    private final RecordReader reader;
    private final PostgresLedger ledger;
    private final Duration bulkTimeout;

    private PostgresSnapshot(BulkRead read, RecordReader reader, PostgresLedger ledger, Duration bulkTimeout) {
        this.read = read;
        this.reader = reader;
        this.ledger = ledger;
        this.bulkTimeout = bulkTimeout;
    }

    static PostgresSnapshot open(
            Database database,
            PostgresSettings settings,
            RecordReader reader,
            PostgresLedger ledger,
            Collection<? extends CollectionSchema<?, ?>> schemas) {
        for (CollectionSchema<?, ?> schema : schemas) {
            ledger.read(schema); // a standby, which may be behind, is refused
        }
        CollectionSchema<?, ?> first = schemas.iterator().next();
        try {
            return new PostgresSnapshot(BulkRead.open(database, settings), reader, ledger, settings.bulkTimeout());
        } catch (SQLException e) {
            throw SqlRows.brokenOff(first, e);
        }
    }

    @Override
    public Optional<LedgerEntry> entry(CollectionSchema<?, ?> schema) {
        return reading(schema, connection -> ledger.read(connection, schema));
    }

    @Override
    public long count(CollectionSchema<?, ?> schema) {
        String sql = "SELECT count(*) FROM " + reader.table(schema).name();
        return reading(schema, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    @Override
    public RecordCursor scan(CollectionSchema<?, ?> schema) {
        return reading(schema, connection -> SqlRows.open(connection, schema, reader.everything(schema)));
    }

    @Override
    public RecordCursor inOrder(CollectionSchema<?, ?> schema) {
        return reading(schema, connection -> RecordCopy.inOrder(connection, reader.table(schema), bulkTimeout));
    }

    private <R> R reading(CollectionSchema<?, ?> schema, SqlWork<R> work) {
        Connection connection = read.connection();
        try {
            return work.on(connection);
        } catch (SQLException e) {
            throw SqlRows.brokenOff(schema, e);
        }
    }

    @Override
    public void close() {
        read.close();
    }
}
