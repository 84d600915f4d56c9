package dev.switchover.examples.benchmarks.soak;

import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * An id, a text and no index but the primary key's, by the driver alone: what such writes make of any table. Used by one thread. Its
 * text is compact as that of the peers; the library's has spaces and lines as in a file, and is a quarter longer.
 *
 * <p>Nobody waits for its commits to be on the disk. Its size does not depend on that, and so it forces nothing that the callers
 * would wait for.
 */
final class PlainTable implements AutoCloseable {

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement update;
    private final PreparedStatement delete;

    private PlainTable(Connection connection) throws SQLException {
        this.connection = connection;
        insert = connection.prepareStatement("INSERT INTO entries (body, id) VALUES (CAST(? AS json), ?)");
        update = connection.prepareStatement("UPDATE entries SET body = CAST(? AS json) WHERE id = ?");
        delete = connection.prepareStatement("DELETE FROM entries WHERE id = ?");
    }

    /** @param database an empty one */
    static PlainTable create(Database database) throws SQLException {
        Connection connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = off");
            statement.execute("CREATE TABLE entries (id bigint PRIMARY KEY, body json NOT NULL)");
            return new PlainTable(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    void insert(Entry entry) throws Exception {
        write(insert, entry);
    }

    void update(Entry entry) throws Exception {
        write(update, entry);
    }

    void delete(long id) throws SQLException {
        delete.setLong(1, id);
        requireOne(delete.executeUpdate(), id);
    }

    TableSizes sizes() throws SQLException {
        return TableSizes.of(connection);
    }

    private static void write(PreparedStatement statement, Entry entry) throws Exception {
        statement.setString(1, Mapper.JSON.writeValueAsString(entry));
        statement.setLong(2, entry.id());
        requireOne(statement.executeUpdate(), entry.id());
    }

    private static void requireOne(int rows, long id) {
        if (rows != 1) {
            throw new IllegalStateException("Entry " + id + " is not in the plain table");
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
