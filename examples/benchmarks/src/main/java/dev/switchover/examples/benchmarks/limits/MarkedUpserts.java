package dev.switchover.examples.benchmarks.limits;

import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.peers.DocumentTable;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An upsert with a row that says what is pending, in one statement, and nothing else: what a table that leads has to do while
 * nothing follows. The marks stay. On the caller's thread, or for all callers that wait at once.
 */
public final class MarkedUpserts implements EntryStore {

    public static final String NAME = "limit: upsert with a mark";
    public static final String SHARED = "limit: upserts with marks, shared";

    private static final int MOST = 64;

    private static final String UPSERT = "WITH w AS (INSERT INTO entries (id, body) VALUES (?, CAST(? AS json))"
            + " ON CONFLICT (id) DO UPDATE SET body = excluded.body RETURNING id)"
            + " INSERT INTO pending (id) SELECT id FROM w ON CONFLICT (id) DO UPDATE SET version = pending.version + 1";

    private static final String SHARED_UPSERT =
            "WITH w AS (INSERT INTO entries (id, body) SELECT u.id, u.body::json FROM"
                    + " unnest(?::bigint[], ?::text[]) u (id, body) ON CONFLICT (id) DO UPDATE SET body = excluded.body RETURNING id)"
                    + " INSERT INTO pending (id) SELECT id FROM w ORDER BY id ON CONFLICT (id) DO UPDATE SET version = pending.version + 1";

    private final HikariDataSource pool;
    private final @Nullable Flusher<Row> flusher;

    private MarkedUpserts(HikariDataSource pool, boolean shared) {
        this.pool = pool;
        this.flusher =
                shared ? new Flusher<>("shared-marked-upserts", 1, MOST, rows -> upsertShared(pool, rows)) : null;
    }

    /** @param shared whether callers who wait at one time share a statement */
    public static MarkedUpserts open(Database database, boolean shared) throws SQLException {
        return new MarkedUpserts(pool(database), shared);
    }

    /** A pool on a database in which both tables have just been made. */
    static HikariDataSource pool(Database database) throws SQLException {
        HikariDataSource pool = DocumentTable.pool(database);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE pending (id bigint PRIMARY KEY, version bigint NOT NULL DEFAULT 0)");
        }
        return pool;
    }

    static void upsert(HikariDataSource pool, Entry entry) throws Exception {
        try (Connection connection = pool.getConnection();
                PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            upsert.setLong(1, entry.id());
            upsert.setString(2, Mapper.JSON.writeValueAsString(entry));
            upsert.executeUpdate();
        }
    }

    static void upsertShared(HikariDataSource pool, List<Row> rows) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Row.write(connection, SHARED_UPSERT, rows);
        }
    }

    @Override
    public String name() {
        return flusher == null ? NAME : SHARED;
    }

    @Override
    public void load(List<Entry> entries) throws Exception {
        DocumentTable.load(pool, entries);
    }

    @Override
    public void save(Entry entry) throws Exception {
        if (flusher == null) {
            upsert(pool, entry);
        } else {
            flusher.submit(Row.of(entry));
        }
    }

    @Override
    public @Nullable Entry find(long id) {
        throw new UnsupportedOperationException("It only writes");
    }

    @Override
    public void close() {
        if (flusher != null) {
            flusher.close();
        }
        pool.close();
    }
}
