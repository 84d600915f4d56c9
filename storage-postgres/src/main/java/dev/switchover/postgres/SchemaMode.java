package dev.switchover.postgres;

/** What {@link PostgresStore#prepare} does about its tables. */
public enum SchemaMode {
    /**
     * Creates and upgrades them: the library's own through Flyway, the records' tables by itself. Without Flyway on the class
     * path the own tables are only checked, and the SQL they lack is in the refusal.
     */
    APPLY,
    /** Checks them and refuses to start where they do not fit; nothing is changed. */
    VALIDATE,
    /** Like {@link #VALIDATE}, and logs the SQL of all tables for whoever applies it. */
    PRINT,
    /** Takes them as they are. */
    OFF
}
