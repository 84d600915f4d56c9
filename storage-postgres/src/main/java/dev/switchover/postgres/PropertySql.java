package dev.switchover.postgres;

import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.schema.ColumnMapping;
import dev.switchover.storage.schema.ColumnType;
import dev.switchover.storage.schema.IdType;
import dev.switchover.storage.schema.PropertyKind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A property in SQL, with the meaning of {@link dev.switchover.storage.query.QueryEvaluator}. Under a property of a document
 * values of every kind can stand, so there is an expression for each kind, null where a value is of another; a column has one
 * kind only, and the others are missing.
 *
 * @param shape what the expressions are made of
 * @param present whether there is a value; never null
 * @param rank numbers 0, strings and moments 1, booleans 2, anything else 3; null where there is no value
 * @param number what a number is compared as
 * @param moment what a moment is compared as
 * @param text what a string that is no moment is compared as, by code point
 * @param written what a string begins with, moment or not
 * @param flag what a boolean is compared as
 * @param value the value itself, of type json where the shape is {@link Shape#JSON}
 */
record PropertySql(
        Shape shape,
        String value,
        String present,
        String rank,
        @Nullable String number,
        @Nullable String moment,
        @Nullable String text,
        @Nullable String written,
        @Nullable String flag) {

    enum Shape {
        /** Any value; moments as seconds, of type numeric. */
        JSON,
        INTEGER,
        NUMERIC,
        DOUBLE,
        TEXT,
        UUID,
        DATE,
        /** Moments of type timestamp with time zone. */
        TIMESTAMP,
        BOOLEAN
    }

    private static final String COLLATED = " COLLATE \"C\"";

    /**
     * A property of a table.
     *
     * @param alias the table's alias and a dot, or empty. A bare name in ORDER BY would mean the selected text
     */
    static PropertySql of(RecordTable table, Names names, String property, String alias) {
        ColumnMapping mapping = table.mapping();
        PropertyKind kind = table.schema().kind(property);
        int idPart = table.schema().definition().idProperties().indexOf(property);
        String[] path = property.split("\\.", -1);
        boolean single = idPart >= 0 && table.schema().idType() != IdType.COMPOSED;
        if (single && (mapping != null || table.schema().idType() != IdType.UUID)) {
            return ofType(
                    alias + table.idColumn(),
                    switch (table.schema().idType()) {
                        case LONG -> ColumnType.BIGINT;
                        case UUID -> ColumnType.UUID;
                        case STRING, COMPOSED -> ColumnType.TEXT;
                    });
        }
        if (mapping == null) {
            String value = member(alias + "\"body\"", path);
            return json(idPart < 0 ? value : orId(table, value, idPart, alias), names, kind);
        }
        ColumnMapping.Column column = mapping.column(property);
        if (column != null && column.type() != ColumnType.JSON) {
            String cell = alias + Names.quote(column.name());
            if (idPart >= 0 && keyed(table)) {
                cell = "coalesce(" + cell + ", (" + alias + table.idColumn() + "::json ->> " + idPart + ")::"
                        + column.type().sql() + ")";
            }
            return ofType(cell, column.type());
        }
        String flattened = flattened(mapping, property, path, alias);
        return json(flattened != null ? flattened : inRest(mapping, path, alias), names, kind);
    }

    /** An object that is spread over columns is there if one of them holds something, or the rest does; null for others. */
    private static @Nullable String flattened(ColumnMapping mapping, String property, String[] path, String alias) {
        StringBuilder parts = new StringBuilder();
        for (ColumnMapping.Column column : mapping.columns()) {
            if (column.property().startsWith(property + ".")) {
                parts.append(alias).append(Names.quote(column.name())).append(" IS NOT NULL OR ");
            }
        }
        if (parts.isEmpty()) {
            return null;
        }
        String rest = member(alias + Names.quote(mapping.restColumn()), path);
        return "(CASE WHEN " + parts + rest + " IS NOT NULL THEN '{}'::json END)";
    }

    /** A body that lies under a key need not hold its id. */
    private static boolean keyed(RecordTable table) {
        return table.schema().definition().jsonLayout().shape() == JsonLayout.Shape.OBJECT;
    }

    private static String orId(RecordTable table, String value, int idPart, String alias) {
        if (!keyed(table)) {
            return value;
        }
        String id = table.schema().idType() == IdType.COMPOSED
                ? "(" + alias + table.idColumn() + "::json -> " + idPart + ")"
                : "to_json(" + alias + table.idColumn() + ")";
        return "coalesce(nullif(" + value + "::text, 'null')::json, " + id + ")";
    }

    private static String member(String root, String[] path) {
        StringBuilder value = new StringBuilder("(" + root);
        for (String name : path) {
            value.append(" -> ").append(Names.literal(name));
        }
        return value.append(')').toString();
    }

    /** What no column of its own holds is inside a nested value or in the rest. */
    private static String inRest(ColumnMapping mapping, String[] path, String alias) {
        for (int length = path.length; length > 0; length--) {
            ColumnMapping.Column column = mapping.column(String.join(".", Arrays.copyOf(path, length)));
            if (column != null) {
                boolean nested = column.type() == ColumnType.JSON;
                return nested
                        ? member(alias + Names.quote(column.name()), Arrays.copyOfRange(path, length, path.length))
                        : "NULL::json";
            }
        }
        return member(alias + Names.quote(mapping.restColumn()), path);
    }

    /** The same property, its JSON value taken from where it has been put before: a body is read once for each sort. */
    PropertySql from(String place, Names names, PropertyKind kind) {
        return shape == Shape.JSON ? json(place, names, kind) : this;
    }

    private static PropertySql json(String value, Names names, PropertyKind kind) {
        String type = "json_typeof(" + value + ")";
        String content = "(" + value + " #>> '{}')";
        String string = "CASE WHEN " + type + " = 'string' THEN " + content + " END";
        String moment = kind == PropertyKind.TIMESTAMP ? names.moment() + "(" + string + ")" : null;
        return new PropertySql(
                Shape.JSON,
                value,
                "(" + content + " IS NOT NULL)",
                "CASE " + type + " WHEN 'number' THEN 0 WHEN 'string' THEN 1 WHEN 'boolean' THEN 2 WHEN 'object' THEN 3"
                        + " WHEN 'array' THEN 3 END",
                "CASE WHEN " + type + " = 'number' THEN " + content + "::numeric END",
                moment,
                "(" + (moment == null ? string : "CASE WHEN " + moment + " IS NULL THEN " + string + " END") + ")"
                        + COLLATED,
                "(" + string + ")",
                "CASE WHEN " + type + " = 'boolean' THEN " + content + "::boolean END");
    }

    private static PropertySql ofType(String column, ColumnType type) {
        String present = "(" + column + " IS NOT NULL)";
        return switch (type) {
            case BIGINT, INTEGER ->
                new PropertySql(Shape.INTEGER, column, present, rank(column, 0), column, null, null, null, null);
            case NUMERIC ->
                new PropertySql(Shape.NUMERIC, column, present, rank(column, 0), column, null, null, null, null);
            case DOUBLE ->
                new PropertySql(Shape.DOUBLE, column, present, rank(column, 0), column, null, null, null, null);
            case TEXT ->
                new PropertySql(
                        Shape.TEXT,
                        column,
                        present,
                        rank(column, 1),
                        null,
                        null,
                        column + COLLATED,
                        column + COLLATED,
                        null);
            case UUID -> {
                String text = column + "::text";
                yield new PropertySql(
                        Shape.UUID, column, present, rank(column, 1), null, null, text + COLLATED, text, null);
            }
            case DATE -> {
                String text = "to_char(" + column + ", 'YYYY-MM-DD')";
                yield new PropertySql(
                        Shape.DATE, column, present, rank(column, 1), null, null, text + COLLATED, text, null);
            }
            case TIMESTAMP ->
                new PropertySql(
                        Shape.TIMESTAMP, column, present, rank(column, 1), null, column, null, written(column), null);
            case BOOLEAN ->
                new PropertySql(Shape.BOOLEAN, column, present, rank(column, 2), null, null, null, null, column);
            case JSON -> throw new IllegalArgumentException("a nested value is not one column");
        };
    }

    private static String rank(String column, int rank) {
        return "CASE WHEN " + column + " IS NOT NULL THEN " + rank + " END";
    }

    /** As a record shows the moment: no fraction, three digits or six. */
    private static String written(String column) {
        String utc = "(" + column + " AT TIME ZONE 'UTC')";
        String micros = "(extract(microseconds FROM " + utc + ")::bigint % 1000000)";
        return "(to_char(" + utc + ", 'YYYY-MM-DD\"T\"HH24:MI:SS') || CASE WHEN " + micros + " = 0 THEN '' WHEN "
                + micros + " % 1000 = 0 THEN to_char(" + utc + ", '.MS') ELSE to_char(" + utc + ", '.US') END || 'Z')";
    }

    /** What values of the likeliest kind are compared as; an index holds it. */
    String indexed(PropertyKind kind) {
        String likeliest = switch (kind) {
            case NUMBER -> number;
            case BOOLEAN -> flag;
            case TIMESTAMP -> moment;
            case TEXT, DATE, NESTED, UNKNOWN -> text;
        };
        if (shape == Shape.DATE || shape == Shape.UUID) {
            // Not their text, which is never asked for where the value itself will do; to_char is not even immutable.
            return value;
        }
        String any = likeliest != null ? likeliest : firstOf(number, moment, flag, text);
        return any;
    }

    private static String firstOf(@Nullable String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null) {
                return candidate;
            }
        }
        throw new IllegalStateException("A property without an expression");
    }
}
