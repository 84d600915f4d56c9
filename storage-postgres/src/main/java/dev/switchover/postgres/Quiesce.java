package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for statements that began under an older ledger entry: takes a SHARE lock on every table they write, and lets go of it
 * at once. A statement takes its table locks before its snapshot, so the lock waits for whoever began before, also for a
 * backend whose client is dead, and whoever comes later sees the entry as it is now.
 */
final class Quiesce {

    /** Short: while the lock is asked for, writers queue up behind it. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(400);

    private final Database database;
    private final Names names;

    Quiesce(Database database, Names names) {
        this.database = database;
        this.names = names;
    }

    void await(CollectionSchema<?, ?> schema, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        List<String> tables = tables(schema);
        while (true) {
            long left = Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis());
            if (lock(schema, tables, Math.min(left, LOCK_TIMEOUT.toMillis()))) {
                return;
            }
            if (System.nanoTime() - end >= 0) {
                throw new StoreUnavailableException(
                        Store.POSTGRESQL,
                        "Writes to " + schema.name() + " that began earlier are still in flight in PostgreSQL after "
                                + deadline.toSeconds() + " s: " + holders(schema, tables)
                                + ". Wait for them or end them, then try again",
                        null);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private List<String> tables(CollectionSchema<?, ?> schema) {
        List<String> tables = new ArrayList<>();
        tables.add(RecordTable.of(schema, names).locked());
        tables.add(names.pending());
        if (schema.definition().jsonLayout().hasEnvelope()) {
            tables.add(names.envelope());
        }
        return tables;
    }

    private boolean lock(CollectionSchema<?, ?> schema, List<String> tables, long millis) {
        Transaction transaction = Transaction.writing("SET LOCAL lock_timeout = " + millis);
        return database.write(new Subject(schema.name(), null), connection -> {
            try {
                return transaction.run(connection, locking -> {
                    Bind.execute(locking, "LOCK TABLE " + String.join(", ", tables) + " IN SHARE MODE");
                    return true;
                });
            } catch (SQLException e) {
                if (SqlFailure.of(e).kind() == SqlFailure.Kind.TRANSIENT) {
                    return false;
                }
                throw e;
            }
        });
    }

    private String holders(CollectionSchema<?, ?> schema, List<String> tables) {
        String sql =
                "SELECT DISTINCT a.pid, coalesce(nullif(a.application_name, ''), '(no name)'), coalesce(a.state, '?'),"
                        + " coalesce(round(extract(epoch FROM clock_timestamp() - a.xact_start)), 0)::bigint"
                        + " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
                        + " WHERE l.granted AND l.relation = ANY (?::text[]::regclass[]) AND a.pid <> pg_backend_pid()"
                        + " AND l.mode IN ('RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock',"
                        + " 'ExclusiveLock', 'AccessExclusiveLock') ORDER BY 4 DESC LIMIT 5";
        List<String> found = database.read(new Subject(schema.name(), null), connection -> {
            List<String> lines = new ArrayList<>();
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), Bind.Texts.of(tables));
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    lines.add("pid " + row.getLong(1) + " (" + row.getString(2) + ", " + row.getString(3) + ", for "
                            + row.getLong(4) + " s)");
                }
            }
            return lines;
        });
        return found.isEmpty() ? "they have just ended" : String.join(", ", found);
    }
}
