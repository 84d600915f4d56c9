package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Many records the table does not have yet, through {@code COPY} on two connections side by side where the pool has them to spare.
 * Each half is a transaction of its own: a failure may leave one of them. Guarded by the turn of {@link PostgresMirror}.
 *
 * <p>The ledger lets the pair in under a number, as any apply, and that is committed first. Each half then holds the ledger's row
 * in common with the other, and copies only while the number is the last one: a half that was given up for lost, and reaches the
 * server late, comes before the next apply, which waits for it, or not at all.
 */
final class PairedCopy {

    /** Fewer are not worth a thread. */
    private static final int HALVED_FROM = 2_000;

    private final Database database;
    private final Names names;
    private final Duration bulk;
    private final Halves halves;

    PairedCopy(Database database, Names names, PostgresSettings settings) {
        this.database = database;
        this.names = names;
        this.bulk = settings.bulkTimeout();
        this.halves = new Halves(database, settings);
    }

    /** @return false if the table has some of them: then the others may be there now */
    boolean apply(MirrorGroup group, long number, long before) {
        boolean lacksThem = database.write(subject(group), connection -> {
            MirrorCopy.requireOpen(connection, group, number, before);
            return !MirrorCopy.hasSome(connection, group);
        });
        if (!lacksThem) {
            return false;
        }
        List<MirrorChange> all = group.changes();
        if (all.size() < HALVED_FROM || !halves.areTwoToSpare()) {
            return copy(group, number, all);
        }
        int middle = all.size() / 2;
        return halves.run(
                () -> copy(group, number, all.subList(0, middle)),
                () -> copy(group, number, all.subList(middle, all.size())));
    }

    /** @return false if the table has one of them; then nothing was copied */
    boolean copy(MirrorGroup group, long number, List<MirrorChange> half) {
        int millis = (int) bulk.toMillis();
        Transaction transaction = Transaction.writing("SET LOCAL statement_timeout = " + millis);
        return database.write(subject(group), connection -> {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, millis);
            try {
                return transaction.run(connection, copying -> {
                    requireLast(copying, group, number);
                    CopyRows.send(copying, group.table(), half);
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
    }

    private void requireLast(Connection connection, MirrorGroup group, long number) throws SQLException {
        CollectionSchema<?, ?> schema = group.table().schema();
        Fence fence = group.fence();
        String sql =
                "SELECT state || ', epoch ' || epoch || ', term ' || term, state IN ('MIRROR', 'RECEIVING') AND epoch = ?"
                        + " AND term = ? AND last_apply = ?, " + SynchronousCommit.ON + " FROM " + names.ledger()
                        + " WHERE collection = ? FOR SHARE";
        try (PreparedStatement statement =
                        Bind.all(connection.prepareStatement(sql), fence.epoch(), fence.term(), number, schema.name());
                ResultSet row = statement.executeQuery()) {
            boolean entry = row.next();
            if (!entry || !row.getBoolean(2)) {
                throw PostgresPending.fencedException(schema, fence, entry ? row.getString(1) : null);
            }
        }
    }

    private static Subject subject(MirrorGroup group) {
        return new Subject(group.table().schema().name(), null);
    }
}
