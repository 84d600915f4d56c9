package dev.switchover.postgres.testing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A fresh, empty database, and the one place tests get PostgreSQL from. The server is started by the first test that
 * asks, shared by the rest of this JVM and stopped with it:
 *
 * <ul>
 *   <li>{@code TEST_DATABASE_URL} in the environment names a server; its user must be allowed to create databases;
 *   <li>the system property {@code switchover.test.database=testcontainers} starts one in a container, and skips the
 *       test where there is no Docker;
 *   <li>otherwise it is an embedded one.
 * </ul>
 *
 * Safe for use by several threads.
 */
public final class TestDatabase implements AutoCloseable {

    private final TestServer server;
    private final String name;

    private TestDatabase(TestServer server, String name) {
        this.server = server;
        this.name = name;
    }

    /** A database on the fast server, which does not force anything to disk: nothing about durability is proved there. */
    public static TestDatabase create() {
        return createOn(TestServer.fast());
    }

    /**
     * A database on a server with {@code fsync}, {@code full_page_writes} and {@code synchronous_commit} on. Where
     * {@code TEST_DATABASE_URL} names a server that has them off, the test is skipped.
     */
    public static TestDatabase durable() {
        TestDatabase database = createOn(TestServer.durable());
        for (String setting : TestServer.DURABILITY_SETTINGS) {
            String value = database.show(setting);
            if (!value.equals("on")) {
                database.close();
                Assumptions.abort("The test server has " + setting + "=" + value + "; durability needs it on.");
            }
        }
        return database;
    }

    /**
     * A database that is not as others are.
     *
     * @param options of {@code CREATE DATABASE}, as {@code LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'}
     * @param settings of its sessions, as {@code timezone = 'Asia/Kathmandu'}
     */
    public static TestDatabase unlikeOthers(String options, List<String> settings) {
        TestDatabase database = createOn(TestServer.fast(), options);
        settings.forEach(setting -> database.server.execute("ALTER DATABASE " + database.name + " SET " + setting));
        return database;
    }

    private static TestDatabase createOn(TestServer server) {
        return createOn(server, "");
    }

    private static TestDatabase createOn(TestServer server, String options) {
        String name = "switchover_test_" + UUID.randomUUID().toString().replace("-", "");
        server.execute("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' " + options);
        return new TestDatabase(server, name);
    }

    /** The name of the database. */
    public String name() {
        return name;
    }

    /** {@code postgresql://user:password@host:port/database}, the way people write {@code DATABASE_URL}. */
    public String url() {
        return "postgresql://" + encode(user()) + ":" + encode(password()) + "@" + server.address() + "/" + name
                + server.parameters();
    }

    /** The URL the driver understands, without user and password. */
    public String jdbcUrl() {
        return server.jdbcUrl(name);
    }

    public String user() {
        return server.user();
    }

    public String password() {
        return server.password();
    }

    /** Opens a new connection on each call: there is no pool. */
    public DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(jdbcUrl());
        dataSource.setUser(user());
        dataSource.setPassword(password());
        return dataSource;
    }

    public Connection connect() throws SQLException {
        return dataSource().getConnection();
    }

    private String show(String setting) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read " + setting + " of the test server", e);
        }
    }

    /** Drops the database, whoever is still connected to it. */
    @Override
    public void close() {
        server.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
