package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** The table {@code switchover_export}: the last export of each collection. Thread-safe. */
public final class ExportTable {

    private static final Subject SUBJECT = new Subject("switchover_export", null);

    private final Database database;
    private final Names names;

    ExportTable(Database database, Names names) {
        this.database = database;
        this.names = names;
    }

    /**
     * An export of one collection.
     *
     * @param target {@code directory} for the storage's own, {@code folder} for any other
     * @param snapshot of which moment the file is
     * @param version the collection's version counter then
     */
    public record Row(
            String collection,
            String target,
            Instant at,
            Instant snapshot,
            long version,
            long records,
            long bytes,
            String sha256,
            String file,
            String host) {}

    /** Takes the place of the one before, of the same collection and target. The host is this one's. */
    public void note(Row row) {
        String sql = "INSERT INTO " + names.own("switchover_export")
                + " (collection, target, at, snapshot, version, records, bytes, sha256, file, host)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (collection, target) DO UPDATE SET at = EXCLUDED.at,"
                + " snapshot = EXCLUDED.snapshot, version = EXCLUDED.version, records = EXCLUDED.records,"
                + " bytes = EXCLUDED.bytes, sha256 = EXCLUDED.sha256, file = EXCLUDED.file, host = EXCLUDED.host";
        database.write(
                SUBJECT,
                connection -> Bind.update(
                        connection,
                        sql,
                        row.collection(),
                        row.target(),
                        row.at(),
                        row.snapshot(),
                        row.version(),
                        row.records(),
                        row.bytes(),
                        row.sha256(),
                        row.file(),
                        ThisProcess.HOST));
    }

    /** All there are, by collection and target; empty without a table. */
    public List<Row> all() {
        String sql = "SELECT collection, target, at, snapshot, version, records, bytes, sha256, file, host FROM "
                + names.own("switchover_export") + " ORDER BY collection, target";
        return database.read(SUBJECT, connection -> {
            List<Row> rows = new ArrayList<>();
            if (!OwnTables.exists(connection, names.own("switchover_export"))) {
                return rows;
            }
            try (PreparedStatement statement = connection.prepareStatement(sql);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(
                            row.getString(1),
                            row.getString(2),
                            row.getObject(3, OffsetDateTime.class).toInstant(),
                            row.getObject(4, OffsetDateTime.class).toInstant(),
                            row.getLong(5),
                            row.getLong(6),
                            row.getLong(7),
                            row.getString(8),
                            row.getString(9),
                            row.getString(10)));
                }
            }
            return rows;
        });
    }
}
