package dev.switchover.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The library's own tables: their numbered SQL files, and the check whether they are there. */
final class OwnTables {

    static final String LOCATION = "dev/switchover/postgres/schema";

    static final List<String> FILES = List.of(
            "V1__create_ledger.sql",
            "V2__create_history.sql",
            "V3__create_pending.sql",
            "V4__create_envelope.sql",
            "V5__create_feature_flags.sql",
            "V6__create_moment.sql",
            "V7__create_report.sql",
            "V8__create_export.sql",
            "V9__create_job.sql");

    /** What the statements of this version use. */
    private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put(
                "switchover_ledger",
                "collection lineage epoch fork state confirmed mirroring term version_floor highest_id last_apply seen_timeline"
                        + " seen_version seen_token seen_time token phase lease_until");
        COLUMNS.put(
                "switchover_history",
                "collection at host pid reason token lineage epoch fork state confirmed mirroring term");
        COLUMNS.put("switchover_pending", "collection id version unit since parked");
        COLUMNS.put("switchover_joined", "unit other");
        COLUMNS.put("switchover_envelope", "collection body switchover_version switchover_order");
        COLUMNS.put("switchover_report", "kind collection at host pid report");
        COLUMNS.put("feature_flags", "name enabled user_id");
        COLUMNS.put("switchover_export", "collection target at snapshot version records bytes sha256 file host");
        COLUMNS.put(
                "switchover_job", "name token holder lease_until since done_slot done_at failed_at failures message");
    }

    private OwnTables() {}

    /** What does not fit, table by table; empty if everything does. */
    static List<String> problems(Connection connection, Names names) throws SQLException {
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, String> table : COLUMNS.entrySet()) {
            List<String> found = columns(connection, names.own(table.getKey()));
            List<String> missing = new ArrayList<>(List.of(table.getValue().split(" ")));
            missing.removeAll(found);
            if (found.isEmpty()) {
                problems.add("table " + names.own(table.getKey()) + " is missing");
            } else if (!missing.isEmpty()) {
                problems.add("table " + names.own(table.getKey()) + " lacks " + String.join(", ", missing));
            }
        }
        if (!functionExists(connection, names.own("switchover_moment") + "(text)")) {
            problems.add("function " + names.own("switchover_moment") + " is missing");
        }
        return problems;
    }

    static boolean exists(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement =
                        Bind.all(connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL"), table);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static boolean functionExists(Connection connection, String function) throws SQLException {
        try (PreparedStatement statement =
                        Bind.all(connection.prepareStatement("SELECT to_regprocedure(?) IS NOT NULL"), function);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static List<String> columns(Connection connection, String table) throws SQLException {
        String sql =
                "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped";
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), table);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                columns.add(row.getString(1));
            }
        }
        return columns;
    }

    /** All files, one after the other. */
    static String sql() {
        StringBuilder sql = new StringBuilder();
        for (String file : FILES) {
            sql.append("-- ").append(file).append('\n').append(read(file)).append('\n');
        }
        return sql.toString();
    }

    static String read(String file) {
        try (InputStream in = OwnTables.class.getResourceAsStream("/" + LOCATION + "/" + file)) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks " + LOCATION + "/" + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not read " + file, e);
        }
    }
}
