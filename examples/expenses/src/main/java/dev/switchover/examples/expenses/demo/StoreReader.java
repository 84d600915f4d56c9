package dev.switchover.examples.expenses.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Reads both stores with nothing but Jackson and JDBC, while no process of the library runs. */
final class StoreReader {

    static final String EXPENSES = "expenses";
    static final String EARTHQUAKES = "earthquakes";

    private final Path directory;
    private final String jdbcUrl;

    StoreReader(Path directory, String jdbcUrl) {
        this.directory = directory;
        this.jdbcUrl = jdbcUrl;
    }

    Snapshot json() throws IOException {
        Snapshot snapshot = new Snapshot();
        Path expenses = directory.resolve("expenses.json");
        if (Files.exists(expenses)) {
            for (JsonNode record : tree(expenses)) {
                snapshot.add(EXPENSES, record.get("id").asText(), Canonical.expense(record));
            }
        }
        ObjectNode file = (ObjectNode) tree(directory.resolve("earthquakes.json"));
        for (JsonNode record : file.get("features")) {
            snapshot.add(EARTHQUAKES, record.get("id").textValue(), Canonical.text(record));
        }
        file.putArray("features");
        snapshot.envelope(Canonical.text(file));
        return snapshot;
    }

    Snapshot postgresql() throws SQLException {
        Snapshot snapshot = new Snapshot();
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            if (!has(statement, "expenses") || !has(statement, "earthquakes")) {
                return snapshot;
            }
            try (ResultSet row = statement.executeQuery("SELECT * FROM expenses ORDER BY switchover_order")) {
                while (row.next()) {
                    snapshot.add(EXPENSES, row.getString("id"), Canonical.expense(row));
                }
            }
            try (ResultSet row =
                    statement.executeQuery("SELECT id, body::text FROM earthquakes ORDER BY switchover_order")) {
                while (row.next()) {
                    snapshot.add(EARTHQUAKES, row.getString(1), Canonical.text(Canonical.parse(row.getString(2))));
                }
            }
            try (ResultSet row = statement.executeQuery(
                    "SELECT body::text FROM switchover_envelope WHERE collection = 'earthquakes'")) {
                if (row.next()) {
                    snapshot.envelope(Canonical.text(Canonical.parse(row.getString(1))));
                }
            }
        }
        return snapshot;
    }

    private static boolean has(Statement statement, String table) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static JsonNode tree(Path file) throws IOException {
        return Canonical.EXACT.readTree(Files.readString(file));
    }
}
