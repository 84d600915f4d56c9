package dev.switchover.storage.schema;

/** How a property is kept in a table of the columns layout. */
public enum ColumnType {
    BIGINT("bigint"),
    INTEGER("integer"),
    NUMERIC("numeric"),
    DOUBLE("double precision"),
    BOOLEAN("boolean"),
    TEXT("text"),
    UUID("uuid"),
    DATE("date"),
    TIMESTAMP("timestamp with time zone"),
    /**
     * A nested value. {@code json}, not {@code jsonb}: that one sorts keys, drops duplicates and white space, writes {@code 1e2}
     * as {@code 100} and {@code -0.0} as {@code 0.0}, so the value would not come out as it went in. Cast to {@code jsonb} to
     * query it.
     */
    JSON("json");

    private final String sql;

    ColumnType(String sql) {
        this.sql = sql;
    }

    /** The type's name in PostgreSQL. */
    public String sql() {
        return sql;
    }
}
