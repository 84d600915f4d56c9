package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares a table as it is with what a collection needs.
 *
 * @param problems what no statement of ours can mend, naming table, column, expected and found types
 * @param missing the statements that would mend the rest
 */
record TableCheck(List<String> problems, List<String> missing) {

    private record Column(String type, boolean required, boolean filled) {}

    static TableCheck of(Connection connection, CollectionSchema<?, ?> schema, Names names) throws SQLException {
        RecordTable table = RecordTable.of(schema, names);
        Map<String, Column> columns = columns(connection, table.name());
        if (columns.isEmpty()) {
            return new TableCheck(List.of(), TableSql.create(schema, names));
        }
        List<String> problems = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String sequence : TableSql.sequences(schema, names)) {
            if (!exists(connection, sequence.substring(sequence.lastIndexOf(' ') + 1))) {
                missing.add(sequence);
            }
        }
        id(connection, table, columns, problems);
        Map<String, String> ours = new LinkedHashMap<>();
        for (RecordTable.Value value : table.values()) {
            ours.put(value.name(), value.type());
            Column found = columns.get(value.name());
            if (found == null) {
                String notNull = table.document() ? " NOT NULL" : "";
                missing.add("ALTER TABLE " + table.name() + " ADD COLUMN IF NOT EXISTS " + TableSql.column(value)
                        + notNull);
            } else if (!fits(value.type(), found.type())) {
                problems.add(mismatch(table, value.name(), value.type(), found.type()));
            }
        }
        for (String name : List.of(RecordTable.VERSION, RecordTable.ORDER)) {
            Column found = columns.get(Names.quote(name));
            ours.put(Names.quote(name), "bigint");
            if (found == null) {
                missing.add("ALTER TABLE " + table.name() + " ADD COLUMN IF NOT EXISTS "
                        + TableSql.bookkeeping(name, schema, names));
            } else if (!found.type().equals("bigint")) {
                problems.add(mismatch(table, Names.quote(name), "bigint", found.type()));
            }
        }
        columns.forEach((name, column) -> {
            if (!ours.containsKey(name) && !name.equals(table.idColumn()) && column.required() && !column.filled()) {
                problems.add("table " + table.name() + ", column " + name + ": NOT NULL without a default, and "
                        + schema.name() + " has no property for it; give it a default or drop the NOT NULL");
            }
        });
        indexes(connection, schema, names, missing);
        return new TableCheck(problems, missing);
    }

    private static void id(Connection connection, RecordTable table, Map<String, Column> columns, List<String> problems)
            throws SQLException {
        Column found = columns.get(table.idColumn());
        if (found == null) {
            problems.add("table " + table.name() + " has no column " + table.idColumn() + " for the id");
        } else if (!fits(table.idType(), found.type())) {
            problems.add(mismatch(table, table.idColumn(), table.idType(), found.type()));
        } else if (!unique(connection, table)) {
            problems.add("table " + table.name() + ", column " + table.idColumn()
                    + ": the id needs a primary key or unique index of its own");
        }
    }

    private static String mismatch(RecordTable table, String column, String expected, String found) {
        return "table " + table.name() + ", column " + column + ": expected " + expected + ", found " + found;
    }

    private static boolean fits(String expected, String found) {
        return expected.equals(found) || (expected.equals("text") && found.equals("character varying"));
    }

    /** By quoted name; empty if there is no such table. */
    private static Map<String, Column> columns(Connection connection, String table) throws SQLException {
        String sql = "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
                + " a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '' FROM pg_attribute a WHERE a.attrelid ="
                + " to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
        Map<String, Column> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), table);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                columns.put(
                        Names.quote(row.getString(1)),
                        new Column(row.getString(2), row.getBoolean(3), row.getBoolean(4)));
            }
        }
        return columns;
    }

    private static boolean unique(Connection connection, RecordTable table) throws SQLException {
        String sql =
                "SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
                        + " WHERE i.indrelid = to_regclass(?) AND i.indisunique AND i.indnkeyatts = 1 AND i.indpred IS NULL"
                        + " AND i.indisvalid AND quote_ident(a.attname) IN (?, ?)";
        String plain = table.idColumn().substring(1, table.idColumn().length() - 1);
        try (PreparedStatement statement =
                        Bind.all(connection.prepareStatement(sql), table.name(), table.idColumn(), plain);
                ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }

    private static void indexes(Connection connection, CollectionSchema<?, ?> schema, Names names, List<String> missing)
            throws SQLException {
        String qualifier = RecordTable.of(schema, names).name();
        String prefix = qualifier.contains(".") ? qualifier.substring(0, qualifier.indexOf("\".\"") + 2) : "";
        for (String sql : TableSql.indexes(schema, names)) {
            String name = sql.substring(sql.indexOf('"'), sql.indexOf(" ON "));
            if (!exists(connection, prefix + name)) {
                missing.add(sql);
            }
        }
    }

    private static boolean exists(Connection connection, String relation) throws SQLException {
        try (PreparedStatement statement =
                        Bind.all(connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL"), relation);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }
}
