package dev.switchover.dualwrite.faults;

import dev.switchover.dualwrite.testing.TcpProxy;
import dev.switchover.postgres.testing.TestCluster;
import dev.switchover.postgres.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A database with a proxy before it, and what a test does to both behind the library's back. Not thread-safe. */
final class Surroundings implements AutoCloseable {

    private static final Pattern URL = Pattern.compile("postgresql://([^:]*):([^@]*)@([^:/]+):(\\d+)/([^?]*)");

    private final @Nullable TestCluster cluster;
    private final @Nullable TestDatabase database;
    private final TcpProxy proxy;
    private final Matcher url;
    private final List<Connection> taken = new ArrayList<>();

    private Surroundings(@Nullable TestCluster cluster, @Nullable TestDatabase database) {
        this.cluster = cluster;
        this.database = database;
        this.url = URL.matcher(directUrl());
        if (!url.find()) {
            throw new IllegalStateException("not the URL of a test database");
        }
        this.proxy = new TcpProxy(Integer.parseInt(url.group(4)));
    }

    /** A database of the shared server. */
    static Surroundings shared() {
        return new Surroundings(null, TestDatabase.create());
    }

    /** A server of its own. */
    static Surroundings own() {
        return new Surroundings(
                TestCluster.start("superuser_reserved_connections = 0", "reserved_connections = 0"), null);
    }

    TcpProxy proxy() {
        return proxy;
    }

    TestCluster cluster() {
        return Objects.requireNonNull(cluster);
    }

    String directUrl() {
        return cluster != null
                ? cluster.url()
                : Objects.requireNonNull(database).url();
    }

    String urlThroughProxy() {
        return directUrl().replace("@" + url.group(3) + ":" + url.group(4), "@127.0.0.1:" + proxy.port());
    }

    String databaseName() {
        return url.group(5);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + url.group(3) + ":" + url.group(4) + "/" + databaseName(),
                url.group(1),
                url.group(2));
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    long count(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** How many connections the library has at the server. */
    long connections() {
        return count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'switchover'");
    }

    void settings(String name, String value) {
        execute("BEGIN READ WRITE; ALTER DATABASE " + databaseName() + " SET " + name + " = " + value + "; COMMIT");
    }

    void endConnections() {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'switchover'");
    }

    /** Takes connections until the server has none left, those of the library included. */
    void takeAllConnections() {
        endConnections();
        try {
            taken.add(connect());
            long others;
            do {
                // What ends slowly frees a place later, and a pool may be faster than we are.
                takeWhatIsFree();
                others = endOthers(taken.get(0));
                takeWhatIsFree();
                others += endOthers(taken.get(0));
            } while (others > 0);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void takeWhatIsFree() {
        int misses = 0;
        while (misses < 3) {
            try {
                taken.add(connect());
            } catch (SQLException e) {
                misses++;
            }
        }
    }

    private static long endOthers(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(pg_terminate_backend(pid, 2000))"
                        + " FROM pg_stat_activity WHERE application_name = 'switchover'")) {
            row.next();
            return row.getLong(1);
        }
    }

    void giveConnectionsBack() {
        for (Connection connection : taken) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        taken.clear();
    }

    /** Nobody else can touch the records until {@link #unlockTables}. */
    void lockTables() {
        try {
            Connection connection = connect();
            taken.add(connection);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("LOCK TABLE expenses, notes IN ACCESS EXCLUSIVE MODE");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void unlockTables() {
        giveConnectionsBack();
    }

    @Override
    public void close() {
        giveConnectionsBack();
        proxy.close();
        if (database != null) {
            database.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }
}
