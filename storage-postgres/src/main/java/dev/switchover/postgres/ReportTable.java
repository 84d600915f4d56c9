package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The table {@code switchover_report}: a bounded history of what verifications, repairs and the like found or did. Thread-safe;
 * its calls throw {@link dev.switchover.storage.StorageException} if the database or the table is not there.
 */
public final class ReportTable {

    private final Database database;
    private final Names names;

    ReportTable(Database database, Names names) {
        this.database = database;
        this.names = names;
    }

    /** One row. */
    public record Row(String kind, String collection, Instant at, String report) {}

    /** Adds a row, and removes the oldest of its kind and collection beyond {@code keep}. */
    public void add(Row row, int keep) {
        String sql = "INSERT INTO " + names.report()
                + " (kind, collection, at, host, pid, report) VALUES (?, ?, ?, ?, ?, ?)";
        Subject subject = new Subject(row.collection(), null);
        database.write(
                subject,
                connection -> Bind.update(
                        connection,
                        sql,
                        row.kind(),
                        row.collection(),
                        row.at(),
                        ThisProcess.HOST,
                        ThisProcess.PID,
                        row.report()));
        String old =
                "DELETE FROM " + names.report() + " WHERE kind = ? AND collection = ? AND id < (SELECT min(id) FROM"
                        + " (SELECT id FROM " + names.report()
                        + " WHERE kind = ? AND collection = ? ORDER BY id DESC LIMIT ?) newest)";
        database.write(
                subject,
                connection -> Bind.update(
                        connection, old, row.kind(), row.collection(), row.kind(), row.collection(), (long) keep));
    }

    /** The newest first. */
    public List<Row> last(String kind, String collection, int atMost) {
        String sql = "SELECT at, report FROM " + names.report()
                + " WHERE kind = ? AND collection = ? ORDER BY at DESC, id DESC LIMIT ?";
        return database.read(new Subject(collection, null), connection -> {
            List<Row> rows = new ArrayList<>();
            try (PreparedStatement statement =
                            Bind.all(connection.prepareStatement(sql), kind, collection, (long) atMost);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(
                            kind,
                            collection,
                            row.getObject(1, OffsetDateTime.class).toInstant(),
                            row.getString(2)));
                }
            }
            return rows;
        });
    }
}
