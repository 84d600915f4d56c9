package dev.switchover.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values into statements: always as parameters. */
final class Bind {

    private Bind() {}

    /** In order, from the first parameter on. Strings go without a type, so that the statement's cast decides. */
    static PreparedStatement all(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        return all(statement, java.util.Arrays.asList(values));
    }

    static PreparedStatement all(PreparedStatement statement, List<? extends @Nullable Object> values)
            throws SQLException {
        int index = 1;
        for (Object value : values) {
            one(statement, index++, value);
        }
        return statement;
    }

    private static void one(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.OTHER);
        } else if (value instanceof String text) {
            statement.setObject(index, text, Types.OTHER);
        } else if (value instanceof Long number) {
            statement.setLong(index, number);
        } else if (value instanceof Integer number) {
            statement.setInt(index, number);
        } else if (value instanceof Boolean flag) {
            statement.setBoolean(index, flag);
        } else if (value instanceof UUID || value instanceof java.sql.Array) {
            statement.setObject(index, value);
        } else if (value instanceof Instant instant) {
            statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
        } else if (value instanceof Texts texts) {
            statement.setArray(index, statement.getConnection().createArrayOf("text", texts.values()));
        } else if (value instanceof Longs longs) {
            statement.setArray(index, statement.getConnection().createArrayOf("int8", longs.values()));
        } else if (value instanceof Ints ints) {
            statement.setArray(index, statement.getConnection().createArrayOf("int4", ints.values()));
        } else {
            throw new IllegalArgumentException("No SQL type for " + value.getClass());
        }
    }

    /** A {@code text[]}. */
    record Texts(@Nullable String[] values) {
        static Texts of(List<? extends @Nullable String> values) {
            return new Texts(values.toArray(new String[0]));
        }
    }

    /** A {@code bigint[]}. */
    record Longs(Long[] values) {
        static Longs of(List<Long> values) {
            return new Longs(values.toArray(new Long[0]));
        }
    }

    /** An {@code int[]}. */
    record Ints(Integer[] values) {}

    static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = all(connection.prepareStatement(sql), values)) {
            return statement.executeUpdate();
        }
    }

    static int update(Connection connection, String sql, List<? extends @Nullable Object> values) throws SQLException {
        try (PreparedStatement statement = all(connection.prepareStatement(sql), values)) {
            return statement.executeUpdate();
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
