package dev.switchover.examples.benchmarks.stage;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL server that all alternatives share; each gets a database of its own on it. */
public final class Server implements AutoCloseable {

    /** The embedded server starts with these off, and would then be measured without what takes the time. */
    private static final String[] DURABLE = {"fsync", "full_page_writes", "synchronous_commit"};

    private final @Nullable EmbeddedPostgres embedded;
    private final Database main;
    private final AtomicInteger databases = new AtomicInteger();

    private Server(@Nullable EmbeddedPostgres embedded, Database main) {
        this.embedded = embedded;
        this.main = main;
    }

    /**
     * Starts one that forces to disk.
     *
     * @param data where its data goes: a folder on the disk that is to be measured
     */
    public static Server embedded(Path data) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(true)
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "256MB")
                // Whoever happens to run during a server checkpoint would pay for the writes of all.
                .setServerConfig("max_wal_size", "8GB")
                .setServerConfig("checkpoint_timeout", "1h");
        for (String setting : DURABLE) {
            builder.setServerConfig(setting, "on");
        }
        EmbeddedPostgres postgres = builder.start();
        return new Server(postgres, new Database("localhost", postgres.getPort(), "postgres", "postgres", "postgres"));
    }

    /** One that runs already, with a user who may create databases. */
    public static Server at(Database main) {
        return new Server(null, main);
    }

    /** A new, empty database. */
    public Database create() throws SQLException {
        String name = "benchmark_" + databases.incrementAndGet() + "_" + Long.toString(System.nanoTime(), 36);
        execute("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8'");
        return new Database(main.host(), main.port(), name, main.user(), main.password());
    }

    public void drop(Database database) throws SQLException {
        execute("DROP DATABASE IF EXISTS " + database.name() + " WITH (FORCE)");
    }

    /** After loading, so that no alternative begins with another's unwritten pages. */
    public void checkpoint() throws SQLException {
        execute("CHECKPOINT");
    }

    /** Of the tables whose names are like that, with their indexes. */
    public long bytes(Database database, String like) throws SQLException {
        String sql =
                "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c JOIN pg_namespace n ON n.oid ="
                        + " c.relnamespace WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND"
                        + " c.relname LIKE ?";
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, like);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Its version, and the settings that decide what a commit costs. */
    public Map<String, String> facts() throws SQLException {
        Map<String, String> facts = new LinkedHashMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            facts.put("PostgreSQL", show(statement, "server_version"));
            for (String setting : DURABLE) {
                facts.put(setting, show(statement, setting));
            }
            for (String setting : new String[] {"shared_buffers", "max_wal_size", "wal_sync_method"}) {
                facts.put(setting, show(statement, setting));
            }
        }
        return facts;
    }

    private static String show(Statement statement, String setting) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(main.jdbcUrl(), main.user(), main.password());
    }

    @Override
    public void close() throws IOException {
        if (embedded != null) {
            embedded.close();
        }
    }
}
