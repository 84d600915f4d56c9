package dev.switchover.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where connections come from: a pool of our own, filled lazily, or the host's. */
final class ConnectionSource implements AutoCloseable {

    private final DataSource dataSource;
    private final DataSource server;
    private final @Nullable HikariDataSource pool;

    private ConnectionSource(DataSource dataSource, DataSource server, @Nullable HikariDataSource pool) {
        this.dataSource = dataSource;
        this.server = server;
        this.pool = pool;
    }

    /** Does no input or output. */
    static ConnectionSource of(PostgresSettings settings) {
        DataSource given = settings.dataSource();
        if (given != null) {
            return new ConnectionSource(given, given, null);
        }
        DatabaseUrl url = settings.url();
        if (url == null) {
            throw new IllegalArgumentException("Neither a URL nor a DataSource is set");
        }
        HikariConfig config = new HikariConfig();
        config.setPoolName("switchover-postgres");
        DataSource server = driver(settings, url);
        config.setDataSource(server);
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(Math.min(2, settings.poolSize()));
        config.setConnectionTimeout(settings.connectionTimeout().toMillis());
        config.setValidationTimeout(Math.max(250, settings.connectionTimeout().toMillis() / 3));
        config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
        config.setMaxLifetime(Duration.ofMinutes(30).toMillis());
        // Below zero: opening the pool neither connects nor fails.
        config.setInitializationFailTimeout(-1);
        HikariDataSource pool = new HikariDataSource(config);
        return new ConnectionSource(pool, server, pool);
    }

    private static DataSource driver(PostgresSettings settings, DatabaseUrl url) {
        Properties properties = new Properties();
        long connect = seconds(settings.connectionTimeout());
        properties.setProperty("connectTimeout", Long.toString(connect));
        properties.setProperty("loginTimeout", Long.toString(connect));
        properties.setProperty("socketTimeout", Long.toString(seconds(settings.answerTimeout())));
        properties.setProperty("tcpKeepAlive", "true");
        // Whoever has a statement cancelled waits for that, too.
        properties.setProperty("cancelSignalTimeout", Long.toString(Math.min(2, connect)));
        properties.setProperty("ApplicationName", settings.applicationName());
        // The server's details quote rows.
        properties.setProperty("logServerErrorDetail", "false");
        // Of several hosts the one that takes writes, and no replica where there is only one: its ledger may be old.
        properties.setProperty("targetServerType", "primary");
        properties.putAll(url.properties());
        if (!settings.sessionOptions()) {
            return new DriverSource(url, properties);
        }
        Properties withOptions = new Properties();
        withOptions.putAll(properties);
        withOptions.setProperty("options", options(settings, url.properties()));
        // Where options are refused, prepared statements are not to be had either.
        properties.putIfAbsent("prepareThreshold", "0");
        return new DriverSource(url, withOptions, new DriverSource(url, properties));
    }

    private static String options(PostgresSettings settings, Map<String, String> given) {
        String ours = "-c statement_timeout=" + settings.statementTimeout().toMillis()
                + " -c default_transaction_isolation=read\\ committed"
                + " -c synchronous_commit=on"
                + " -c extra_float_digits=1"
                + " -c idle_in_transaction_session_timeout="
                + settings.bulkTimeout().toMillis();
        String theirs = given.get("options");
        return theirs == null ? ours : ours + " " + theirs;
    }

    private static long seconds(Duration duration) {
        return Math.max(1, (duration.toMillis() + 999) / 1000);
    }

    DataSource dataSource() {
        return dataSource;
    }

    /** Whether every connection the pool may have is at work. */
    boolean isBusy() {
        if (pool == null || !pool.isRunning()) {
            return false;
        }
        return pool.getHikariPoolMXBean().getActiveConnections() >= pool.getMaximumPoolSize();
    }

    /** Null if the pool is the host's, or closed. */
    @Nullable
    PoolUse use() {
        if (pool == null || !pool.isRunning()) {
            return null;
        }
        HikariPoolMXBean bean = pool.getHikariPoolMXBean();
        return new PoolUse(
                bean.getActiveConnections(),
                bean.getIdleConnections(),
                bean.getThreadsAwaitingConnection(),
                pool.getMaximumPoolSize());
    }

    boolean isOurs() {
        return pool != null;
    }

    /** A connection that is not the pool's. */
    Connection another() throws SQLException {
        return server.getConnection();
    }

    /** Closes what is ours; the host's source is left alone. */
    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }
}
