package dev.switchover.examples.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The plainest table for records as JSON text, the same for every peer. */
public final class DocumentTable {

    static final String UPSERT = "INSERT INTO entries (id, body) VALUES (?, CAST(? AS json))"
            + " ON CONFLICT (id) DO UPDATE SET body = excluded.body";

    private DocumentTable() {}

    /** A pool on a database in which the table has just been made. */
    public static HikariDataSource pool(Database database) throws SQLException {
        return pool(database, "json");
    }

    /** The same for a mapper, which knows strings only; so its server has no JSON to check. */
    static HikariDataSource poolForMapper(Database database) throws SQLException {
        return pool(database, "text");
    }

    private static HikariDataSource pool(Database database, String type) throws SQLException {
        HikariDataSource pool = Pools.open(database);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE entries (id bigint PRIMARY KEY, body " + type + " NOT NULL)");
        }
        return pool;
    }

    public static void load(HikariDataSource pool, List<Entry> entries) throws Exception {
        try (Connection connection = pool.getConnection();
                PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            for (Entry entry : entries) {
                bind(upsert, entry);
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    public static void upsert(Connection connection, Entry entry) throws Exception {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            bind(upsert, entry);
            upsert.executeUpdate();
        }
    }

    private static void bind(PreparedStatement upsert, Entry entry) throws Exception {
        upsert.setLong(1, entry.id());
        upsert.setString(2, Mapper.JSON.writeValueAsString(entry));
    }
}
