package dev.switchover.postgres.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;

/** A running PostgreSQL server. Started at most once in a JVM, lazily, in each of its two forms. */
record TestServer(String address, String database, String user, String password, String parameters) {

    static final List<String> DURABILITY_SETTINGS = List.of("fsync", "full_page_writes", "synchronous_commit");

    private static final String MAX_CONNECTIONS = "300";

    /** For tests that prove nothing about durability. */
    static TestServer fast() {
        return Fast.SERVER.orSkip();
    }

    /** For tests that do. */
    static TestServer durable() {
        return Durable.SERVER.orSkip();
    }

    private static final class Fast {
        static final Start SERVER = Start.attempt(false);
    }

    private static final class Durable {
        static final Start SERVER = Start.attempt(true);
    }

    /** What came of the one attempt to start: a server, or the reason why the tests that need it are skipped. */
    private record Start(
            @Nullable TestServer server, @Nullable String reasonToSkip) {

        static Start attempt(boolean durable) {
            String url = System.getenv("TEST_DATABASE_URL");
            if (url != null && !url.isEmpty()) {
                return new Start(named(url), null);
            }
            String kind = System.getProperty("switchover.test.database", "");
            return switch (kind) {
                case "", "embedded" -> new Start(embedded(durable), null);
                case "testcontainers" -> container(durable);
                default ->
                    throw new IllegalArgumentException("switchover.test.database is '" + kind
                            + "'; it may be 'embedded' (the default) or 'testcontainers'");
            };
        }

        private static Start container(boolean durable) {
            if (TestContainer.dockerIsAvailable()) {
                return new Start(TestContainer.start(durable, MAX_CONNECTIONS), null);
            }
            String reason = "SKIPPED: switchover.test.database=testcontainers, but no Docker answers on this machine.";
            System.err.println(reason);
            return new Start(null, reason);
        }

        TestServer orSkip() {
            if (server == null) {
                return Assumptions.abort(reasonToSkip);
            }
            return server;
        }
    }

    private static TestServer embedded(boolean durable) {
        try {
            EmbeddedPostgres.Builder builder =
                    EmbeddedPostgres.builder().setServerConfig("max_connections", MAX_CONNECTIONS);
            DURABILITY_SETTINGS.forEach(setting -> builder.setServerConfig(setting, durable ? "on" : "off"));
            @SuppressWarnings("resource") // It lives as long as the JVM; its own shutdown hook stops it.
            EmbeddedPostgres postgres = builder.start();
            return new TestServer("localhost:" + postgres.getPort(), "postgres", "postgres", "postgres", "");
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL did not start", e);
        }
    }

    /** Where the programs of the embedded server are, for servers that are a test's own; skips the test if there is none. */
    static Path embeddedBinaries() {
        String url = System.getenv("TEST_DATABASE_URL");
        boolean embedded = List.of("", "embedded").contains(System.getProperty("switchover.test.database", ""));
        if (!embedded || (url != null && !url.isEmpty())) {
            return TestCluster.skip("this test needs servers it may kill; run it with the embedded one, without"
                    + " TEST_DATABASE_URL and switchover.test.database");
        }
        TestServer server = fast();
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(server.jdbcUrl(server.database()));
        dataSource.setUser(server.user());
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_read_file('postmaster.opts')")) {
            row.next();
            // The command line it was started with; the program comes first.
            return Path.of(row.getString(1).split(" ", 2)[0]).getParent();
        } catch (SQLException e) {
            throw new IllegalStateException("The embedded server did not tell where its programs are", e);
        }
    }

    private static TestServer named(String url) {
        URI uri = URI.create(url);
        String scheme = uri.getScheme();
        String login = uri.getRawUserInfo();
        if (!("postgresql".equals(scheme) || "postgres".equals(scheme)) || uri.getHost() == null || login == null) {
            throw new IllegalArgumentException(
                    "TEST_DATABASE_URL must look like postgresql://user:password@host:port/database");
        }
        int colon = login.indexOf(':');
        String path = uri.getPath() == null ? "" : uri.getPath();
        return new TestServer(
                uri.getHost() + ":" + (uri.getPort() < 0 ? 5432 : uri.getPort()),
                path.length() > 1 ? path.substring(1) : "postgres",
                decode(colon < 0 ? login : login.substring(0, colon)),
                colon < 0 ? "" : decode(login.substring(colon + 1)),
                uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    String jdbcUrl(String name) {
        return "jdbc:postgresql://" + address + "/" + name + parameters;
    }

    /** Runs one statement outside a transaction, in the server's own database. */
    void execute(String sql) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(jdbcUrl(database));
        dataSource.setUser(user);
        dataSource.setPassword(password);
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("The test server at " + address + " refused: " + sql, e);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "TestServer[" + address + "]";
    }
}
