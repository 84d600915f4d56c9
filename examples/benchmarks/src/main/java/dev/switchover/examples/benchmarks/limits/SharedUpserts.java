package dev.switchover.examples.benchmarks.limits;

import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.peers.DocumentTable;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One upsert of all rows that wait, by {@code unnest}, and one commit for all their callers: combined writes and nothing else. */
public final class SharedUpserts implements EntryStore {

    private static final int MOST = 64;

    private static final String UPSERT = "INSERT INTO entries (id, body) SELECT u.id, u.body::json"
            + " FROM unnest(?::bigint[], ?::text[]) u (id, body) ON CONFLICT (id) DO UPDATE SET body = excluded.body";

    private final String name;
    private final HikariDataSource pool;
    private final Flusher<Row> flusher;

    private SharedUpserts(String name, HikariDataSource pool, int connections) {
        this.name = name;
        this.pool = pool;
        this.flusher = new Flusher<>("shared-upserts", connections, MOST, this::upsert);
    }

    /** What it is called with this number of connections. */
    public static String name(int connections) {
        return "upserts shared, " + connections + (connections == 1 ? " connection" : " connections");
    }

    public static SharedUpserts open(Database database, int connections) throws SQLException {
        return new SharedUpserts(name(connections), DocumentTable.pool(database), connections);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void load(List<Entry> entries) throws Exception {
        DocumentTable.load(pool, entries);
    }

    @Override
    public void save(Entry entry) throws Exception {
        flusher.submit(Row.of(entry));
    }

    private void upsert(List<Row> rows) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Row.write(connection, UPSERT, rows);
        }
    }

    @Override
    public @Nullable Entry find(long id) {
        throw new UnsupportedOperationException("It only writes");
    }

    @Override
    public void close() {
        flusher.close();
        pool.close();
    }
}
