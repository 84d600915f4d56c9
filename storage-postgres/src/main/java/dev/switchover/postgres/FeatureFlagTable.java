package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.StorageException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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

    /** Reads the flags as they are now. Never throws for a database that is away. */
    public Answer read() {
        try {
            return database.read(new Subject("feature_flags", null), connection -> {
                try (PreparedStatement statement = Bind.all(
                                connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL"),
                                names.featureFlags());
                        ResultSet row = statement.executeQuery()) {
                    if (!row.next() || !row.getBoolean(1)) {
                        return new Flags(Map.of(), Set.of());
                    }
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
