package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The table {@code feature_flags}: {@code name} (without {@code FF_}), {@code enabled}, {@code user_id} (null for everybody).
 * Thread-safe; needs no {@link PostgresStore#prepare}.
 */
public final class FeatureFlagTable {

    /** What came of reading it. */
    public sealed interface Answer {}

    /**
     * @param globals whether each flag without a user is enabled, by its name as it stands in the table; empty without a table
     * @param contradictory names that are in the table more than once without a user, on and off; not among the globals
     */
    public record Flags(Map<String, Boolean> globals, Set<String> contradictory) implements Answer {
        public Flags {
            globals = Map.copyOf(globals);
            contradictory = Set.copyOf(contradictory);
        }
    }

    /** It could not be read, which is not the same as being empty. */
    public record Unreadable(String reason) implements Answer {}

    private final Database database;
    private final Names names;

    FeatureFlagTable(Database database, Names names) {
        this.database = database;
        this.names = names;
    }

    /**
     * Switches a flag for everybody. It holds from the next start on. Rows of single users are left alone, rows that contradict each
     * other become one.
     *
     * @param name without {@code FF_}
     * @throws StartRefusedException {@code SCHEMA-MISSING} if there is no such table
     */
    public void set(String name, boolean enabled) {
        change(connection -> {
            int rows = Bind.update(connection, delete(), name);
            Bind.update(
                    connection,
                    "INSERT INTO " + names.featureFlags() + " (name, enabled) VALUES (?, ?)",
                    name,
                    enabled);
            return rows;
        });
    }

    /**
     * Takes a flag for everybody out of the table, so that the default, or another scope, counts again.
     *
     * @param name without {@code FF_}
     * @return whether it was there
     * @throws StartRefusedException {@code SCHEMA-MISSING} if there is no such table
     */
    public boolean unset(String name) {
        return change(connection -> Bind.update(connection, delete(), name)) > 0;
    }

    private String delete() {
        return "DELETE FROM " + names.featureFlags() + " WHERE name = ? AND user_id IS NULL";
    }

    /** Under a lock of the table, for a null in {@code user_id} is no key that would keep two apart. */
    private int change(SqlWork<Integer> work) {
        Subject subject = new Subject("feature_flags", null);
        return database.transaction(subject, Transaction.repeatable(), connection -> {
            if (!isThere(connection)) {
                throw new StartRefusedException(
                        "SCHEMA-MISSING",
                        "there is no table " + names.featureFlags(),
                        "Make it with 'schema apply', or by a start of the service; nothing was changed.");
            }
            Bind.execute(connection, "LOCK TABLE " + names.featureFlags() + " IN SHARE ROW EXCLUSIVE MODE");
            return work.on(connection);
        });
    }

    private boolean isThere(Connection connection) throws SQLException {
        try (PreparedStatement statement = Bind.all(
                        connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL"), names.featureFlags());
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Reads the flags as they are now. Never throws for a database that is away. */
    public Answer read() {
        try {
            return database.read(new Subject("feature_flags", null), connection -> {
                if (!isThere(connection)) {
                    return new Flags(Map.of(), Set.of());
                }
                String sql = "SELECT name, enabled FROM " + names.featureFlags() + " WHERE user_id IS NULL";
                Map<String, Boolean> globals = new TreeMap<>();
                Set<String> contradictory = new TreeSet<>();
                try (PreparedStatement statement = connection.prepareStatement(sql);
                        ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        boolean enabled = row.getBoolean(2);
                        Boolean other = globals.put(row.getString(1), enabled);
                        if (other != null && other != enabled) {
                            contradictory.add(row.getString(1));
                        }
                    }
                }
                globals.keySet().removeAll(contradictory);
                return new Flags(globals, contradictory);
            });
        } catch (StorageException e) {
            return new Unreadable(String.valueOf(e.getMessage()));
        }
    }
}
