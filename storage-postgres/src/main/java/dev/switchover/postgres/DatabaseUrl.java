package dev.switchover.postgres;

import dev.switchover.storage.ConfigurationException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is and how to log in, taken from a URL as people write it:
 *
 * <pre>
 * postgresql://user:password@host:5432/database?sslmode=require
 * postgres://user@host-a:5432,host-b:5433/database?target_session_attrs=read-write
 * jdbc:postgresql://host/database?user=…&amp;password=…
 * jdbc:postgresql:database
 * </pre>
 *
 * User, password, database and parameters are percent-decoded as UTF-8; a {@code +} is a plus. Parameters have the names of
 * libpq or of the driver. Immutable and thread-safe. The password appears in nothing that can be printed.
 */
public final class DatabaseUrl {

    private static final int DEFAULT_PORT = 5432;

    private final List<String> hosts;
    private final @Nullable String database;
    private final @Nullable String user;
    private final @Nullable String password;
    private final Map<String, String> properties;

    private DatabaseUrl(
            List<String> hosts,
            @Nullable String database,
            @Nullable String user,
            @Nullable String password,
            Map<String, String> properties) {
        this.hosts = List.copyOf(hosts);
        this.database = database;
        this.user = user;
        this.password = password;
        this.properties = Map.copyOf(properties);
    }

    /**
     * Takes a URL apart.
     *
     * @throws ConfigurationException with every problem found, each beginning with {@code DATABASE_URL}; none shows the URL
     */
    public static DatabaseUrl parse(String url) {
        List<String> problems = new ArrayList<>();
        DatabaseUrl parsed = new DatabaseUrlParser(problems).parse(url.strip());
        if (parsed == null || !problems.isEmpty()) {
            throw new ConfigurationException(problems.stream()
                    .map(problem -> "DATABASE_URL: " + problem)
                    .distinct()
                    .toList());
        }
        return parsed;
    }

    static DatabaseUrl of(
            List<String> hosts,
            @Nullable String database,
            @Nullable String user,
            @Nullable String password,
            Map<String, String> properties) {
        return new DatabaseUrl(hosts, database, user, password, properties);
    }

    static String hostAndPort(String host, int port) {
        return host + ":" + (port < 0 ? DEFAULT_PORT : port);
    }

    /** Each as {@code host:port}, in the order they are tried. */
    public List<String> hosts() {
        return hosts;
    }

    /** The database's name; where none is given it is the user's, as everywhere in PostgreSQL. */
    public String database() {
        if (database != null) {
            return database;
        }
        return user == null ? System.getProperty("user.name", "postgres") : user;
    }

    /** Null: whoever runs this process. */
    public @Nullable String user() {
        return user;
    }

    /**
     * Connections for SQL of the host's own, beside what the library does: no pool, and only the timeouts the URL names. Prints no
     * secret.
     */
    public DataSource dataSource() {
        return new DriverSource(this, driverProperties());
    }

    private Properties driverProperties() {
        Properties all = new Properties();
        all.putAll(properties);
        return all;
    }

    @Nullable
    String password() {
        return password;
    }

    /** For the driver, by its own names; without user and password. */
    Map<String, String> properties() {
        return properties;
    }

    /** For the driver; without user, password and parameters. */
    String jdbcUrl() {
        return "jdbc:postgresql://" + String.join(",", hosts) + "/" + encode(database());
    }

    /** Everything the driver needs beside {@link #jdbcUrl}. */
    Properties loginProperties() {
        Properties login = new Properties();
        login.putAll(properties);
        if (user != null) {
            login.setProperty("user", user);
        }
        if (password != null) {
            login.setProperty("password", password);
        }
        return login;
    }

    /** The URL with three stars for each secret. */
    public String masked() {
        StringBuilder text = new StringBuilder("postgresql://");
        if (user != null) {
            text.append(encode(user)).append(password == null ? "" : ":***").append('@');
        }
        text.append(String.join(",", hosts)).append('/').append(encode(database()));
        if (!properties.isEmpty()) {
            text.append('?')
                    .append(new TreeMap<>(properties)
                            .entrySet().stream()
                                    .map(entry -> entry.getKey() + "="
                                            + (UrlParameters.isSecret(entry.getKey())
                                                    ? "***"
                                                    : encode(entry.getValue())))
                                    .collect(Collectors.joining("&")));
        }
        return text.toString();
    }

    /** {@link #masked}. */
    @Override
    public String toString() {
        return masked();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
