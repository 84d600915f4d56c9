package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server is, what its sessions are like, and what the role may do. Facts only; what to think of them is the caller's.
 *
 * @param version as the server tells it: {@code 18.6}
 * @param driver the driver's version
 * @param takesWrites whether it is no replica and not set to be read only
 * @param settings of this session, by their names: {@code server_encoding}, {@code synchronous_commit}, …; those the server does
 *     not know are left out
 * @param missingRights what the role lacks on tables that are there, and to make those that are not: {@code INSERT on table …}
 * @param advisoryLocks whether there are advisory locks
 * @param transactionStatus whether the server can be asked what became of a transaction
 * @param roundTrip of one statement, the best of a few
 * @param flyway whether Flyway is on the class path, so that the library can make its own tables
 */
public record ServerLook(
        String version,
        String driver,
        String database,
        String role,
        boolean takesWrites,
        Map<String, String> settings,
        List<String> missingRights,
        boolean advisoryLocks,
        boolean transactionStatus,
        Duration roundTrip,
        boolean flyway) {

    private static final List<String> SETTINGS = List.of(
            "server_encoding",
            "transaction_isolation",
            "transaction_read_only",
            "synchronous_commit",
            "fsync",
            "full_page_writes",
            "statement_timeout",
            "max_connections");

    public ServerLook {
        settings = Map.copyOf(settings);
        missingRights = List.copyOf(missingRights);
    }

    static ServerLook of(Connection connection, List<CollectionSchema<?, ?>> schemas, Names names) throws SQLException {
        Map<String, String> settings = settings(connection);
        boolean readOnly = "on".equals(settings.get("transaction_read_only"));
        // Asking what the server can do takes a transaction number, which a replica cannot give.
        Capabilities capabilities = readOnly ? Capabilities.NONE : Capabilities.of(connection);
        return new ServerLook(
                text(connection, "SELECT current_setting('server_version')"),
                connection.getMetaData().getDriverVersion(),
                text(connection, "SELECT current_database()"),
                text(connection, "SELECT current_user"),
                !readOnly,
                settings,
                missingRights(connection, schemas, names),
                capabilities.advisoryLocks(),
                capabilities.transactionStatus(),
                Capabilities.roundTrip(connection),
                SchemaSetup.flywayIsAvailable());
    }

    private static Map<String, String> settings(Connection connection) throws SQLException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : SETTINGS) {
            String value = nullable(connection, "SELECT current_setting(?, true)", name);
            if (value != null) {
                settings.put(name, value);
            }
        }
        return settings;
    }

    private static List<String> missingRights(Connection connection, List<CollectionSchema<?, ?>> schemas, Names names)
            throws SQLException {
        Map<String, List<String>> needed = new LinkedHashMap<>();
        List<String> all = List.of("SELECT", "INSERT", "UPDATE", "DELETE");
        needed.put(names.ledger(), List.of("SELECT", "INSERT", "UPDATE"));
        needed.put(names.history(), List.of("SELECT", "INSERT"));
        needed.put(names.pending(), all);
        needed.put(names.envelope(), all);
        needed.put(names.featureFlags(), List.of("SELECT"));
        for (CollectionSchema<?, ?> schema : schemas) {
            RecordTable table = RecordTable.of(schema, names);
            needed.put(table.name(), all);
            if (table.side() != null) {
                needed.put(table.side(), all);
            }
        }
        List<String> missing = new ArrayList<>();
        boolean complete = true;
        for (Map.Entry<String, List<String>> table : needed.entrySet()) {
            for (String right : table.getValue()) {
                String has = nullable(
                        connection,
                        "SELECT has_table_privilege(to_regclass(?)::oid, ?::text)::text",
                        table.getKey(),
                        right);
                complete &= has != null;
                if ("false".equals(has)) {
                    missing.add(right + " on table " + table.getKey());
                }
            }
        }
        if (!complete) {
            schemaRights(connection, names, missing);
        }
        return missing;
    }

    private static void schemaRights(Connection connection, Names names, List<String> missing) throws SQLException {
        String schema = names.schema();
        if (schema == null) {
            schema = nullable(connection, "SELECT current_schema()");
        }
        if (schema == null) {
            missing.add("a schema on the search path");
            return;
        }
        String has = nullable(
                connection,
                "SELECT has_schema_privilege(oid, 'CREATE')::text FROM pg_namespace WHERE nspname = ?",
                schema);
        if (!"true".equals(has)) {
            missing.add(has == null ? "the schema " + Names.quote(schema) : "CREATE on schema " + Names.quote(schema));
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        return String.valueOf(nullable(connection, sql));
    }

    private static @Nullable String nullable(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), values);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
