package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Many records at once: through {@code COPY} as long as the table was empty at the beginning, otherwise through {@link
 * PostgresMirror#apply}. Each piece is a transaction of its own that holds the ledger's row against changes.
 */
final class CopyLoader {

    private static final int PIECE = 20_000;
    private static final long PIECE_BYTES = 16 << 20;

    private final Database database;
    private final Names names;
    private final Supplier<Tables> tables;
    private final PostgresSettings settings;
    private final PostgresMirror mirror;

    CopyLoader(
            Database database, Names names, Supplier<Tables> tables, PostgresSettings settings, PostgresMirror mirror) {
        this.database = database;
        this.names = names;
        this.tables = tables;
        this.settings = settings;
        this.mirror = mirror;
    }

    long load(CollectionSchema<?, ?> schema, Fence fence, Iterator<MirrorChange> changes) {
        RecordTable table = tables.get().records(schema).shape();
        // A table that is not ours may have triggers and keys of its own; its rows go the way single ones go.
        boolean copy = table.side() == null && empty(table);
        long count = 0;
        while (changes.hasNext()) {
            List<MirrorChange> piece = piece(changes);
            count += piece.size();
            if (copy
                    && piece.stream()
                            .allMatch(change ->
                                    change.record() != null && !change.id().isEnvelope())) {
                copy = copy(table, fence, piece);
            } else {
                mirror.apply(Map.of(schema, fence), piece, Map.of());
            }
        }
        return count;
    }

    private static List<MirrorChange> piece(Iterator<MirrorChange> changes) {
        List<MirrorChange> piece = new ArrayList<>();
        long bytes = 0;
        while (changes.hasNext() && piece.size() < PIECE && bytes < PIECE_BYTES) {
            MirrorChange change = changes.next();
            piece.add(change);
            RawRecord record = change.record();
            bytes += record == null ? 0 : record.body().length;
        }
        return piece;
    }

    private boolean empty(RecordTable table) {
        String sql = "SELECT NOT EXISTS (SELECT 1 FROM " + table.name() + ")";
        return database.read(new Subject(table.schema().name(), null), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql);
                    ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        });
    }

    /** @return whether to go on with COPY: false if a record came twice, which was then applied one by one */
    private boolean copy(RecordTable table, Fence fence, List<MirrorChange> piece) {
        CollectionSchema<?, ?> schema = table.schema();
        int bulk = (int) settings.bulkTimeout().toMillis();
        Transaction transaction = Transaction.writing("SET LOCAL statement_timeout = " + bulk);
        boolean copied = database.write(new Subject(schema.name(), null), connection -> {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, bulk);
            try {
                return transaction.run(connection, loading -> {
                    fence(loading, schema, fence);
                    CopyRows.send(loading, table, piece);
                    count(loading, schema, piece);
                    return true;
                });
            } catch (SQLException e) {
                if ("23505".equals(e.getSQLState())) {
                    return false;
                }
                throw e;
            } finally {
                if (!connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, before);
                }
            }
        });
        if (!copied) {
            mirror.apply(Map.of(schema, fence), piece, Map.of());
        }
        return copied;
    }

    private void fence(Connection connection, CollectionSchema<?, ?> schema, Fence fence) throws SQLException {
        String sql =
                "SELECT state || ', epoch ' || epoch || ', term ' || term, state IN ('MIRROR', 'RECEIVING') AND epoch = ?"
                        + " AND term = ? FROM " + names.ledger() + " WHERE collection = ? FOR SHARE";
        try (PreparedStatement statement =
                        Bind.all(connection.prepareStatement(sql), fence.epoch(), fence.term(), schema.name());
                ResultSet row = statement.executeQuery()) {
            boolean entry = row.next();
            if (!entry || !row.getBoolean(2)) {
                throw PostgresPending.fencedException(schema, fence, entry ? row.getString(1) : null);
            }
        }
    }

    private void count(Connection connection, CollectionSchema<?, ?> schema, List<MirrorChange> piece)
            throws SQLException {
        long version = piece.stream().mapToLong(MirrorChange::version).max().orElse(0);
        long id = piece.stream()
                .mapToLong(change -> schema.number(change.id()))
                .max()
                .orElse(0);
        Bind.update(
                connection,
                "UPDATE " + names.ledger() + " SET version_floor = greatest(version_floor, ?), highest_id ="
                        + " greatest(highest_id, ?) WHERE collection = ?",
                version,
                id,
                schema.name());
    }
}
