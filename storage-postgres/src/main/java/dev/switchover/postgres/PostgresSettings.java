package dev.switchover.postgres;

import dev.switchover.storage.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a PostgreSQL database, and how long to wait for it. Immutable; each method returns a changed copy. With the
 * defaults every call against a dead database ends within 10 s: 3 s for a connection and 6 s for an answer.
 */
public final class PostgresSettings {

    private static final Pattern SCHEMA = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]{0,62}");

    private final Values values;

    private PostgresSettings(Values values) {
        this.values = values;
    }

    /** Everything there is to set; apart, so that a change is one field. */
    private static final class Values implements Cloneable {
        private @Nullable DatabaseUrl url;
        private @Nullable DataSource dataSource;
        private @Nullable String schema;
        private SchemaMode schemaMode = SchemaMode.APPLY;
        private String applicationName = "switchover";
        private int poolSize = 10;
        private Duration connectionTimeout = Duration.ofSeconds(3);
        private Duration statementTimeout = Duration.ofSeconds(5);
        private Duration answerTimeout = Duration.ofSeconds(6);
        private Duration bulkTimeout = Duration.ofMinutes(10);
        private boolean sessionOptions = true;

        @Override
        protected Values clone() {
            try {
                return (Values) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private interface Change {
        void on(Values values);
    }

    private PostgresSettings with(Change change) {
        Values changed = values.clone();
        change.on(changed);
        return new PostgresSettings(changed);
    }

    /** A pool of our own to this database. */
    public static PostgresSettings of(DatabaseUrl url) {
        Values values = new Values();
        values.url = url;
        return new PostgresSettings(values);
    }

    /**
     * Connections of the host's, which sets their timeouts and closes the source after the store; transactions of the host's
     * are not joined. Isolation has to be READ COMMITTED, the default.
     */
    public static PostgresSettings of(DataSource dataSource) {
        Values values = new Values();
        values.dataSource = dataSource;
        return new PostgresSettings(values);
    }

    /** The schema of all tables that are not qualified themselves; by default the first of the search path. */
    public PostgresSettings schema(String name) {
        return with(values -> values.schema = name);
    }

    public PostgresSettings schemaMode(SchemaMode mode) {
        return with(values -> values.schemaMode = mode);
    }

    /** Shown by the server in {@code pg_stat_activity}. */
    public PostgresSettings applicationName(String name) {
        return with(values -> values.applicationName = name);
    }

    /** The most connections to hold in the pool; 10 by default. As a mirror the store keeps one more beside it. */
    public PostgresSettings poolSize(int connections) {
        return with(values -> values.poolSize = connections);
    }

    /** How long a call waits for a connection; 3 s by default. */
    public PostgresSettings connectionTimeout(Duration timeout) {
        return with(values -> values.connectionTimeout = timeout);
    }

    /** After which the server gives a statement up; 5 s by default, and shorter than {@link #answerTimeout}. */
    public PostgresSettings statementTimeout(Duration timeout) {
        return with(values -> values.statementTimeout = timeout);
    }

    /** After which a connection without an answer is given up; 6 s by default. */
    public PostgresSettings answerTimeout(Duration timeout) {
        return with(values -> values.answerTimeout = timeout);
    }

    /** The same two timeouts for work over a whole table: loads, scans, indexes; 10 minutes by default. */
    public PostgresSettings bulkTimeout(Duration timeout) {
        return with(values -> values.bulkTimeout = timeout);
    }

    /**
     * Whether timeouts, isolation and {@code synchronous_commit=on} are given to the server as a start-up option; true by
     * default. A pooler that refuses options (PgBouncer, unless its {@code ignore_startup_parameters} has them) is noticed,
     * and options and prepared statements are done without; set the timeouts for the role then: {@code ALTER ROLE … SET
     * statement_timeout = '5s'}. A session {@code SET} is never used, for it would reach other clients of a pooler in
     * transaction mode.
     */
    public PostgresSettings sessionOptions(boolean given) {
        return with(values -> values.sessionOptions = given);
    }

    @Nullable
    DatabaseUrl url() {
        return values.url;
    }

    @Nullable
    DataSource dataSource() {
        return values.dataSource;
    }

    @Nullable
    String schema() {
        return values.schema;
    }

    SchemaMode schemaMode() {
        return values.schemaMode;
    }

    String applicationName() {
        return values.applicationName;
    }

    int poolSize() {
        return values.poolSize;
    }

    Duration connectionTimeout() {
        return values.connectionTimeout;
    }

    Duration statementTimeout() {
        return values.statementTimeout;
    }

    Duration answerTimeout() {
        return values.answerTimeout;
    }

    Duration bulkTimeout() {
        return values.bulkTimeout;
    }

    boolean sessionOptions() {
        return values.sessionOptions;
    }

    /** @throws ConfigurationException with every problem */
    void check() {
        List<String> problems = new ArrayList<>();
        String schema = values.schema;
        if (schema != null && !SCHEMA.matcher(schema).matches()) {
            problems.add("PostgreSQL schema \"" + schema + "\": use letters, digits and _, at most 63 characters");
        }
        if (values.poolSize < 1) {
            problems.add("PostgreSQL pool size: at least 1");
        }
        positive(problems, "connection timeout", values.connectionTimeout, 250);
        positive(problems, "statement timeout", values.statementTimeout, 1);
        positive(problems, "answer timeout", values.answerTimeout, 1_000);
        positive(problems, "bulk timeout", values.bulkTimeout, 1_000);
        if (values.statementTimeout.compareTo(values.answerTimeout) >= 0) {
            problems.add(
                    "PostgreSQL statement timeout must be shorter than the answer timeout, so that the server gives up"
                            + " before the connection does");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static void positive(List<String> problems, String name, Duration value, long leastMillis) {
        if (value.toMillis() < leastMillis || value.toMillis() > Integer.MAX_VALUE) {
            problems.add("PostgreSQL " + name + ": at least " + leastMillis + " ms");
        }
    }

    /** Where the database is, without secrets. */
    @Override
    public String toString() {
        DatabaseUrl url = values.url;
        return url == null ? "a DataSource of the host's" : url.masked();
    }
}
