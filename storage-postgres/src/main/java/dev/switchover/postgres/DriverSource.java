package dev.switchover.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's data source with properties it has no setters for; prints no secret. A pooler may refuse start-up options: then it
 * goes on without them. Thread-safe once it is made.
 */
final class DriverSource extends PGSimpleDataSource {

    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.postgres");

    /** What PgBouncer answers to a start-up parameter that it does not know; a server has other words for wrong options. */
    private static final String PROTOCOL_VIOLATION = "08P01";

    private final transient @Nullable DriverSource withoutOptions;
    private volatile boolean optionsAreRefused;

    DriverSource(DatabaseUrl url, Properties properties) {
        this(url, properties, null);
    }

    /** @param withoutOptions takes over where start-up options are refused */
    DriverSource(DatabaseUrl url, Properties properties, @Nullable DriverSource withoutOptions) {
        this.withoutOptions = withoutOptions;
        setUrl(url.jdbcUrl());
        String user = url.user();
        if (user != null) {
            setUser(user);
        }
        String password = url.password();
        if (password != null) {
            setPassword(password);
        }
        for (String name : properties.stringPropertyNames()) {
            try {
                setProperty(name, properties.getProperty(name));
            } catch (SQLException e) {
                throw new IllegalArgumentException("The driver does not know the property " + name);
            }
        }
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        DriverSource fallback = withoutOptions;
        if (fallback == null) {
            return super.getConnection(user, password);
        }
        if (optionsAreRefused) {
            return fallback.getConnection(user, password);
        }
        try {
            return super.getConnection(user, password);
        } catch (SQLException e) {
            if (!PROTOCOL_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            Connection connection = fallback.getConnection(user, password);
            optionsAreRefused = true;
            LOG.warn("A pooler before PostgreSQL refuses start-up options; set statement_timeout and"
                    + " idle_in_transaction_session_timeout for the role: ALTER ROLE ... SET statement_timeout = '5s'");
            return connection;
        }
    }

    @Override
    public String toString() {
        return "PostgreSQL";
    }
}
