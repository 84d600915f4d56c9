package dev.switchover.examples.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limit for one row and one round trip: a prepared upsert by the driver alone, autocommit, of a record as JSON text.
 * No versions, no order, no pending ids, no index to query by.
 */
public final class RawDocument implements EntryStore {

    public static final String NAME = "raw pgJDBC";

    private static final String UPSERT = "INSERT INTO entries (id, body) VALUES (?, CAST(? AS json))"
            + " ON CONFLICT (id) DO UPDATE SET body = excluded.body";

    private final HikariDataSource pool;

    private RawDocument(HikariDataSource pool) {
        this.pool = pool;
    }

    public static RawDocument open(Database database) throws SQLException {
        HikariDataSource pool = Pools.open(database);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE entries (id bigint PRIMARY KEY, body json NOT NULL)");
        }
        return new RawDocument(pool);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(List<Entry> entries) throws Exception {
        try (Connection connection = pool.getConnection();
                PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            for (Entry entry : entries) {
                bind(upsert, entry);
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    @Override
    public void save(Entry entry) throws Exception {
        try (Connection connection = pool.getConnection();
                PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            bind(upsert, entry);
            upsert.executeUpdate();
        }
    }

    private static void bind(PreparedStatement upsert, Entry entry) throws Exception {
        upsert.setLong(1, entry.id());
        upsert.setString(2, Mapper.JSON.writeValueAsString(entry));
    }

    @Override
    public @Nullable Entry find(long id) throws Exception {
        try (Connection connection = pool.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT body FROM entries WHERE id = ?")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Mapper.JSON.readValue(row.getBytes(1), Entry.class) : null;
            }
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
