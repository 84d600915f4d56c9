package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.spi.Threads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema that is made to be thrown away, with everything in it. It tells every ten seconds that somebody uses it; one of a process
 * that was killed is recognised by its silence, and dropped by the next that makes one. Close it. Thread-safe.
 */
public final class ScratchSchema implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.postgres");

    private static final String PREFIX = "switchover_rehearsal_";
    private static final String MARK = "switchover_rehearsal";
    private static final Subject SUBJECT = new Subject("a scratch schema", null);
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);
    private static final int SILENT_SECONDS = 120;

    private final PostgresSettings settings;
    private final Database database;
    private final String name;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread telling = new Thread(this::tell, "switchover-rehearsal");

    private ScratchSchema(PostgresSettings settings, Database database, String name) {
        this.settings = settings;
        this.database = database;
        this.name = name;
        telling.setDaemon(true);
    }

    /**
     * Drops what killed processes left behind and makes a new one.
     *
     * @throws StorageException if the database is away, or its role may not create schemas
     */
    public static ScratchSchema create(PostgresSettings base) {
        PostgresSettings settings = base.poolSize(2).applicationName("switchover-rehearsal");
        Database database = new Database(settings, connection -> {});
        boolean done = false;
        try {
            dropLeftovers(settings, database);
            String name = PREFIX + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
            ScratchSchema scratch = new ScratchSchema(base, database, name);
            scratch.make();
            scratch.telling.start();
            done = true;
            return scratch;
        } finally {
            if (!done) {
                database.close();
            }
        }
    }

    private void make() {
        database.transaction(SUBJECT, Transaction.writing(""), connection -> {
            Bind.execute(connection, "CREATE SCHEMA " + Names.quote(name));
            Bind.execute(connection, "CREATE TABLE " + mark(name) + " (told timestamptz NOT NULL)");
            Bind.execute(connection, "INSERT INTO " + mark(name) + " VALUES (now())");
            return true;
        });
    }

    private static String mark(String schema) {
        return Names.quote(schema) + "." + Names.quote(MARK);
    }

    public String name() {
        return name;
    }

    /** For a store whose own tables, and those that name no schema themselves, are in here. */
    public PostgresSettings settings() {
        return settings.schema(name).schemaMode(SchemaMode.APPLY);
    }

    /**
     * Makes an empty table here that has the columns, defaults, checks and indexes of another one, but not its foreign keys and triggers.
     *
     * @param original as in a collection's definition
     * @return the table's qualified name
     */
    public String copyOf(String original, String table) {
        String source = new Names(settings.schema()).table(original);
        String copy = Names.quote(name) + "." + Names.quote(table);
        database.write(SUBJECT, connection -> {
            Bind.execute(connection, "CREATE TABLE " + copy + " (LIKE " + source + " INCLUDING ALL)");
            return true;
        });
        return name + "." + table;
    }

    private void tell() {
        try {
            while (!closed.await(TELL_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    database.write(
                            SUBJECT,
                            connection -> Bind.update(connection, "UPDATE " + mark(name) + " SET told = now()"));
                } catch (StorageException e) {
                    LOG.debug("{} could not tell that it is in use: {}", name, e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only a host that stops all threads interrupts this one
        }
    }

    /** Drops the schemas of ours that nobody has told anything of for two minutes. @return their names */
    private static List<String> dropLeftovers(PostgresSettings settings, Database database) {
        List<String> dropped = new ArrayList<>();
        for (String left : database.read(SUBJECT, ScratchSchema::ours)) {
            boolean silent = database.read(SUBJECT, connection -> isSilent(connection, left));
            if (silent) {
                drop(settings, database, left);
                dropped.add(left);
                LOG.info("Dropped {}, which a rehearsal that was killed left behind", left);
            }
        }
        return dropped;
    }

    /** Of our name, and with our mark in it. */
    private static List<String> ours(Connection connection) throws SQLException {
        String sql = "SELECT n.nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid"
                + " WHERE n.nspname ~ ? AND c.relname = ? AND c.relkind = 'r'";
        List<String> names = new ArrayList<>();
        try (PreparedStatement statement =
                        Bind.all(connection.prepareStatement(sql), "^" + PREFIX + "[0-9a-f]{16}$", MARK);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    private static boolean isSilent(Connection connection, String schema) throws SQLException {
        String sql = "SELECT max(told) < now() - " + SILENT_SECONDS + " * interval '1 s' FROM " + mark(schema);
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState())) {
                return false; // somebody else dropped it meanwhile
            }
            throw e;
        }
    }

    private static void drop(PostgresSettings settings, Database database, String schema) {
        Transaction transaction = Transaction.writing(
                "SET LOCAL statement_timeout = " + settings.bulkTimeout().toMillis());
        database.transaction(SUBJECT, transaction, connection -> {
            Bind.execute(connection, "DROP SCHEMA IF EXISTS " + Names.quote(schema) + " CASCADE");
            return true;
        });
    }

    /** Drops it. @throws StorageException if that failed; then the next one that is made drops it */
    @Override
    public void close() {
        closed.countDown();
        Threads.join(telling, Duration.ofSeconds(10));
        try {
            drop(settings, database, name);
        } finally {
            database.close();
        }
    }
}
