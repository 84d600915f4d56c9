package dev.switchover.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Where connections come from: a pool of our own, filled lazily, or the host's. */
final class ConnectionSource implements AutoCloseable {

    private final DataSource dataSource;
    private final @Nullable HikariDataSource pool;

    private ConnectionSource(DataSource dataSource, @Nullable HikariDataSource pool) {
        this.dataSource = dataSource;
        this.pool = pool;
    }

    /** Does no input or output. */
    static ConnectionSource of(PostgresSettings settings) {
        DataSource given = settings.dataSource();
        if (given != null) {
            return new ConnectionSource(given, null);
        }
        DatabaseUrl url = settings.url();
        if (url == null) {
            throw new IllegalArgumentException("Neither a URL nor a DataSource is set");
        }
        HikariConfig config = new HikariConfig();
        config.setPoolName("switchover-postgres");
        config.setDataSource(driver(settings, url));
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(Math.min(2, settings.poolSize()));
        config.setConnectionTimeout(settings.connectionTimeout().toMillis());
        config.setValidationTimeout(Math.max(250, settings.connectionTimeout().toMillis() / 3));
        config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
        config.setMaxLifetime(Duration.ofMinutes(30).toMillis());
        // Below zero: opening the pool neither connects nor fails.
        config.setInitializationFailTimeout(-1);
        HikariDataSource pool = new HikariDataSource(config);
        return new ConnectionSource(pool, pool);
    }

    private static DataSource driver(PostgresSettings settings, DatabaseUrl url) {
        Properties properties = new Properties();
        long connect = seconds(settings.connectionTimeout());
        properties.setProperty("connectTimeout", Long.toString(connect));
        properties.setProperty("loginTimeout", Long.toString(connect));
        properties.setProperty("socketTimeout", Long.toString(seconds(settings.answerTimeout())));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", settings.applicationName());
        // The server's details quote rows.
        properties.setProperty("logServerErrorDetail", "false");
        properties.putAll(url.properties());
        if (settings.sessionOptions()) {
            properties.setProperty("options", options(settings, url.properties()));
        }
        return new DriverSource(url.jdbcUrl(), url.user(), url.password(), properties);
    }

    private static String options(PostgresSettings settings, Map<String, String> given) {
        String ours = "-c statement_timeout=" + settings.statementTimeout().toMillis()
                + " -c default_transaction_isolation=read\\ committed"
                + " -c synchronous_commit=on"
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

    /** Closes what is ours; the host's source is left alone. */
    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }

    /** The driver's data source with properties it has no setters for; prints no secret. */
    private static final class DriverSource extends PGSimpleDataSource {
        private static final long serialVersionUID = 1;

        DriverSource(String url, @Nullable String user, @Nullable String password, Properties properties) {
            setUrl(url);
            if (user != null) {
                setUser(user);
            }
            if (password != null) {
                setPassword(password);
            }
            for (String name : properties.stringPropertyNames()) {
                try {
                    setProperty(name, properties.getProperty(name));
                } catch (java.sql.SQLException e) {
                    throw new IllegalArgumentException("The driver does not know the property " + name);
                }
            }
        }

        @Override
        public String toString() {
            return "PostgreSQL";
        }
    }
}
