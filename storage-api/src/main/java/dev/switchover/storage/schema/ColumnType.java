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
    JSON("jsonb");

    private final String sql;

    ColumnType(String sql) {
        this.sql = sql;
    }

    /** The type's name in PostgreSQL. */
    public String sql() {
        return sql;
    }
}
