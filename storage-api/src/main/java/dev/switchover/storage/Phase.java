package dev.switchover.storage;

/**
 * Where a collection stands between JSON and PostgreSQL. Two flags choose it:
 *
 * <pre>
 * FF_USE_DATABASE_STORAGE  FF_DUAL_WRITE_ENABLED  phase
 * false                    false                  JSON_ONLY
 * false                    true                   JSON_PRIMARY
 * true                     true                   DB_PRIMARY
 * true                     false                  DB_ONLY
 * </pre>
 */
public enum Phase {
    JSON_ONLY(Store.JSON, false),
    JSON_PRIMARY(Store.JSON, true),
    DB_PRIMARY(Store.POSTGRESQL, true),
    DB_ONLY(Store.POSTGRESQL, false);

    private final Store primary;
    private final boolean mirrored;

    Phase(Store primary, boolean mirrored) {
        this.primary = primary;
        this.mirrored = mirrored;
    }

    public static Phase of(boolean useDatabase, boolean dualWrite) {
        if (useDatabase) {
            return dualWrite ? DB_PRIMARY : DB_ONLY;
        }
        return dualWrite ? JSON_PRIMARY : JSON_ONLY;
    }

    /** The store that takes the writes. */
    public Store primary() {
        return primary;
    }

    /** Whether the other store follows. */
    public boolean mirrored() {
        return mirrored;
    }

    /** Whether PostgreSQL is the primary. */
    public boolean databasePhase() {
        return primary == Store.POSTGRESQL;
    }

    /** Whether the phase cannot be entered without {@code DATABASE_URL}. */
    public boolean needsDatabase() {
        return this != JSON_ONLY;
    }
}
