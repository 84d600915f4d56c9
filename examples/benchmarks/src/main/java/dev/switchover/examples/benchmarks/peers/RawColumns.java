package dev.switchover.examples.benchmarks.peers;

import com.fasterxml.jackson.core.type.TypeReference;
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

/** The same limit where each property has a column of its own. */
public final class RawColumns implements EntryStore {

    public static final String NAME = "raw pgJDBC, columns";

    private static final String TABLE = """
            CREATE TABLE entries (
                id bigint PRIMARY KEY, date text, category text, amount numeric, currency text, account text,
                business boolean, tags json, notes text)
            """;
    private static final String UPSERT = """
            INSERT INTO entries (id, date, category, amount, currency, account, business, tags, notes)
            VALUES (?, ?, ?, ?, ?, ?, ?, CAST(? AS json), ?)
            ON CONFLICT (id) DO UPDATE SET
                date = excluded.date, category = excluded.category, amount = excluded.amount,
                currency = excluded.currency, account = excluded.account, business = excluded.business,
                tags = excluded.tags, notes = excluded.notes
            """;
    private static final String SELECT = """
            SELECT id, date, category, amount, currency, account, business, tags, notes FROM entries WHERE id = ?
            """;
    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    private final HikariDataSource pool;

    private RawColumns(HikariDataSource pool) {
        this.pool = pool;
    }

    public static RawColumns open(Database database) throws SQLException {
        HikariDataSource pool = Pools.open(database);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        return new RawColumns(pool);
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
        upsert.setString(2, entry.date());
        upsert.setString(3, entry.category());
        upsert.setBigDecimal(4, entry.amount());
        upsert.setString(5, entry.currency());
        upsert.setString(6, entry.account());
        upsert.setBoolean(7, entry.business());
        upsert.setString(8, Mapper.JSON.writeValueAsString(entry.tags()));
        upsert.setString(9, entry.notes());
    }

    @Override
    public @Nullable Entry find(long id) throws Exception {
        try (Connection connection = pool.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? entry(row) : null;
            }
        }
    }

    private static Entry entry(ResultSet row) throws Exception {
        return new Entry(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getBigDecimal(4),
                row.getString(5),
                row.getString(6),
                row.getBoolean(7),
                Mapper.JSON.readValue(row.getString(8), STRINGS),
                row.getString(9));
    }

    @Override
    public void close() {
        pool.close();
    }
}
