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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limit for one row and one round trip: a prepared upsert by the driver alone, autocommit, of a record as JSON text.
 * No versions, no order, no pending ids, no index to query by.
 */
public final class RawDocument implements EntryStore {

    public static final String NAME = "raw pgJDBC";

    private final HikariDataSource pool;

    private RawDocument(HikariDataSource pool) {
        this.pool = pool;
    }

    public static RawDocument open(Database database) throws SQLException {
        return new RawDocument(DocumentTable.pool(database));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(List<Entry> entries) throws Exception {
        DocumentTable.load(pool, entries);
    }

    @Override
    public void save(Entry entry) throws Exception {
        try (Connection connection = pool.getConnection()) {
            DocumentTable.upsert(connection, entry);
        }
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
