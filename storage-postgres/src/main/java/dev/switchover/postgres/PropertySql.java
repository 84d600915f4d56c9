package dev.switchover.postgres;

import dev.switchover.storage.schema.ColumnMapping;
import dev.switchover.storage.schema.ColumnType;
import dev.switchover.storage.schema.PropertyKind;

/**
 * A property in SQL. JSON values of every kind can stand under a property of a document, so there is one expression for each
 * kind, null where the value is of another; a column has one kind only.
 *
 * @param rank numbers 0, strings 1, booleans 2, anything else 3; null for null and absent
 * @param number of type numeric
 * @param text of type text, compared by code point
 * @param flag of type boolean
 * @param present true or false, never null
 * @param known the one kind the values can have, or {@link PropertyKind#UNKNOWN}
 */
record PropertySql(String rank, String number, String text, String flag, String present, PropertyKind known) {

    private static final String NO_NUMBER = "NULL::numeric";
    private static final String NO_TEXT = "NULL::text COLLATE \"C\"";
    private static final String NO_FLAG = "NULL::boolean";

    static PropertySql of(RecordTable table, String property) {
        ColumnMapping mapping = table.mapping();
        PropertyKind kind = table.schema().kind(property);
        if (mapping == null) {
            return json("body", property.split("\\.", -1), kind);
        }
        ColumnMapping.Column column = mapping.column(property);
        if (column != null && column.type() != ColumnType.JSON) {
            return column(Names.quote(column.name()), column.type());
        }
        return inRest(mapping, property, kind);
    }

    private static PropertySql json(String root, String[] path, PropertyKind kind) {
        StringBuilder object = new StringBuilder(root);
        for (int i = 0; i < path.length - 1; i++) {
            object.append(" -> ").append(Names.literal(path[i]));
        }
        String last = Names.literal(path[path.length - 1]);
        String value = "(" + object + " -> " + last + ")";
        String text = "(" + object + " ->> " + last + ")";
        String type = "json_typeof" + value;
        return new PropertySql(
                "CASE " + type + " WHEN 'number' THEN 0 WHEN 'string' THEN 1 WHEN 'boolean' THEN 2 WHEN 'object' THEN 3"
                        + " WHEN 'array' THEN 3 END",
                "CASE WHEN " + type + " = 'number' THEN " + text + "::numeric END",
                "CASE WHEN " + type + " = 'string' THEN " + text + " END COLLATE \"C\"",
                "CASE WHEN " + type + " = 'boolean' THEN " + text + "::boolean END",
                "(" + text + " IS NOT NULL)",
                kind == PropertyKind.NUMBER || kind == PropertyKind.TEXT || kind == PropertyKind.BOOLEAN
                        ? kind
                        : PropertyKind.UNKNOWN);
    }

    private static PropertySql column(String column, ColumnType type) {
        String present = "(" + column + " IS NOT NULL)";
        return switch (type) {
            case BIGINT, INTEGER, NUMERIC ->
                new PropertySql(rank(column, 0), column, NO_TEXT, NO_FLAG, present, PropertyKind.NUMBER);
            // Cast by its digits: the direct cast rounds to fifteen of them.
            case DOUBLE ->
                new PropertySql(
                        rank(column, 0), column + "::text::numeric", NO_TEXT, NO_FLAG, present, PropertyKind.NUMBER);
            case TEXT ->
                new PropertySql(
                        rank(column, 1), NO_NUMBER, column + " COLLATE \"C\"", NO_FLAG, present, PropertyKind.TEXT);
            case UUID ->
                new PropertySql(
                        rank(column, 1),
                        NO_NUMBER,
                        column + "::text COLLATE \"C\"",
                        NO_FLAG,
                        present,
                        PropertyKind.TEXT);
            case BOOLEAN -> new PropertySql(rank(column, 2), NO_NUMBER, NO_TEXT, column, present, PropertyKind.BOOLEAN);
            case DATE -> new PropertySql(rank(column, 1), NO_NUMBER, column, NO_FLAG, present, PropertyKind.DATE);
            case TIMESTAMP ->
                new PropertySql(rank(column, 1), NO_NUMBER, column, NO_FLAG, present, PropertyKind.TIMESTAMP);
            case JSON -> throw new IllegalArgumentException("a nested value is not one column");
        };
    }

    private static String rank(String column, int rank) {
        return "CASE WHEN " + column + " IS NOT NULL THEN " + rank + " END";
    }

    private static PropertySql inRest(ColumnMapping mapping, String property, PropertyKind kind) {
        // The longest prefix that is a column of its own holds the value; what no column holds is in the rest.
        String[] path = property.split("\\.", -1);
        for (int length = path.length; length > 0; length--) {
            ColumnMapping.Column column = mapping.column(String.join(".", java.util.Arrays.copyOf(path, length)));
            if (column == null) {
                continue;
            }
            if (column.type() != ColumnType.JSON) {
                return json("NULL::json", new String[] {""}, PropertyKind.UNKNOWN);
            }
            String[] inner = java.util.Arrays.copyOfRange(path, length, path.length);
            return inner.length == 0
                    ? whole(Names.quote(column.name()), kind)
                    : json(Names.quote(column.name()), inner, kind);
        }
        return json(Names.quote(mapping.restColumn()), path, kind);
    }

    /** A column of type json as the value itself. */
    private static PropertySql whole(String column, PropertyKind kind) {
        return json("json_build_object('v', " + column + ")", new String[] {"v"}, kind);
    }

    /** What an index over the property holds. */
    String indexed() {
        return switch (known) {
            case NUMBER -> number;
            case BOOLEAN -> flag;
            case TEXT, DATE, TIMESTAMP, NESTED, UNKNOWN -> text;
        };
    }
}
