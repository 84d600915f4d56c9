package dev.switchover.postgres;

import dev.switchover.postgres.QuerySql.Statement;
import dev.switchover.storage.schema.CollectionSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads tables as they are, also those that nobody has adopted yet. Writes nothing. */
final class TableLook {

    private TableLook() {}

    static SchemaLook schema(Connection connection, List<CollectionSchema<?, ?>> schemas, Names names)
            throws SQLException {
        Map<CollectionSchema<?, ?>, SchemaLook.Table> tables = new HashMap<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            String name = RecordTable.of(schema, names).name();
            TableCheck check = TableCheck.of(connection, schema, names);
            boolean exists = !columns(connection, name).isEmpty();
            tables.put(schema, new SchemaLook.Table(name, exists, check.problems(), check.missing()));
        }
        return new SchemaLook(OwnTables.problems(connection, names), tables);
    }

    /** Every row, whatever columns are missing yet; versions and order are 0, a document that is not there is null. */
    static Statement rows(Connection connection, RecordTable table) throws SQLException {
        String side = table.side();
        boolean beside = side != null && !columns(connection, side).isEmpty();
        Set<String> present = columns(connection, table.name());
        String values = table.values().stream()
                .map(value -> beside || present.contains(value.name())
                        ? value.select().replace("%s", "r." + value.name())
                        : table.document() ? "'null'::json" : "NULL::text")
                .collect(Collectors.joining(", "));
        String source = beside ? table.source("r") : table.name() + " r";
        return new Statement(
                "SELECT r." + table.idColumn() + "::text, 0::bigint, 0::bigint, " + values + " FROM " + source,
                List.of());
    }

    /** Quoted names; none if there is no such table. */
    private static Set<String> columns(Connection connection, String table) throws SQLException {
        String sql =
                "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped";
        Set<String> columns = new HashSet<>();
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), table);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                columns.add(Names.quote(row.getString(1)));
            }
        }
        return columns;
    }
}
