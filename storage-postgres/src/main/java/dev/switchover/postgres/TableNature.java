package dev.switchover.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Finds, beyond its columns, what would make a table answer other than the files do: hide rows, show more, or merge ids. */
final class TableNature {

    private TableNature() {}

    /** Of a table that is there; naming it and what to do. */
    static List<String> problems(Connection connection, RecordTable table) throws SQLException {
        List<String> problems = new ArrayList<>();
        String subject = "table " + table.name();
        String sql = "SELECT c.relrowsecurity, c.relhasrules, c.relhassubclass AND c.relkind <> 'p' FROM pg_class c"
                + " WHERE c.oid = to_regclass(?)";
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), table.name());
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return problems;
            }
            if (row.getBoolean(1) && hidesRows(connection, table)) {
                problems.add(subject + ": row level security is in force for this user, so that rows may be hidden from"
                        + " it; use the table's owner or a role with BYPASSRLS");
            }
            if (row.getBoolean(2) && rewritesWrites(connection, table)) {
                problems.add(subject + ": a rule rewrites what is written; DROP RULE, or make it a trigger");
            }
            if (row.getBoolean(3) && hasChildren(connection, table)) {
                problems.add(subject + ": other tables inherit from it, so that their rows are seen as its own, perhaps"
                        + " under ids that come twice; ALTER TABLE … NO INHERIT, or partition it");
            }
        }
        if (table.textId() && mergesIds(connection, table)) {
            problems.add(subject + ", column " + table.idColumn()
                    + ": its collation, or that of a unique index on it, is not deterministic, so that ids which differ, as"
                    + " \"a\" and \"A\", would be one record; ALTER TABLE " + table.name() + " ALTER COLUMN "
                    + table.idColumn() + " TYPE text COLLATE \"C\"");
        }
        return problems;
    }

    private static boolean hidesRows(Connection connection, RecordTable table) throws SQLException {
        return yes(connection, "SELECT row_security_active(?::text)", table.name());
    }

    private static boolean rewritesWrites(Connection connection, RecordTable table) throws SQLException {
        return yes(
                connection,
                "SELECT EXISTS (SELECT 1 FROM pg_rewrite WHERE ev_class = to_regclass(?) AND ev_type <> '1' AND"
                        + " ev_enabled <> 'D')",
                table.name());
    }

    /** The flag in pg_class stays when the last child has gone. */
    private static boolean hasChildren(Connection connection, RecordTable table) throws SQLException {
        return yes(
                connection, "SELECT EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = to_regclass(?))", table.name());
    }

    /** Asked for by name, for an engine may not have the column. */
    private static boolean mergesIds(Connection connection, RecordTable table) throws SQLException {
        String sql =
                "SELECT EXISTS (SELECT 1 FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation OR c.oid IN"
                        + " (SELECT i.indcollation[0] FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND"
                        + " i.indnkeyatts = 1 AND i.indkey[0] = a.attnum) WHERE a.attrelid = to_regclass(?) AND NOT"
                        + " a.attisdropped AND quote_ident(a.attname) IN (?, ?) AND to_jsonb(c) ->> 'collisdeterministic' ="
                        + " 'false')";
        return yes(connection, sql, table.name(), table.idColumn(), TableCheck.plain(table));
    }

    private static boolean yes(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), parameters);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }
}
