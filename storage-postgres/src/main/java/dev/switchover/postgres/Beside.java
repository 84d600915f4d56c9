package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the rows of a table that is not ours which somebody else put there: gives each a row beside it, with a version and a
 * place in the order. One that somebody else has changed is told by what it was when we last saw it, and gets a new version.
 * Thread-safe.
 */
final class Beside {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.postgres");

    private final Database database;
    private final Names names;
    private final PostgresSettings settings;

    Beside(Database database, Names names, PostgresSettings settings) {
        this.database = database;
        this.names = names;
        this.settings = settings;
    }

    /**
     * At the start: all of them, new ones last in the order, by id; and those that somebody else has changed, under a new version;
     * where PostgreSQL is the authority and mirrored, pending.
     */
    void takeInAll(CollectionSchema<?, ?> schema) {
        RecordTable table = RecordTable.of(schema, names);
        if (table.side() == null) {
            return;
        }
        String sql = taking(table, names, "", "c.v");
        int bulk = (int) settings.bulkTimeout().toMillis();
        Transaction transaction = Transaction.writing("SET LOCAL statement_timeout = " + bulk);
        long count = database.write(new Subject(schema.name(), null), connection -> {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, bulk);
            try {
                return transaction.run(connection, taking -> count(taking, sql));
            } finally {
                if (!connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, before);
                }
            }
        });
        if (count > 0) {
            LOG.info(
                    "Took in {} rows of {} that others had put into {} or changed there",
                    count,
                    schema.name(),
                    table.name());
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql);
                var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** One that was read before it was taken in: under the version it was read with; or one that somebody else has changed. */
    void takeIn(RecordTable table, RecordId id) {
        database.write(new Subject(table.schema().name(), id.text()), connection -> {
            try (PreparedStatement statement = Bind.all(
                            connection.prepareStatement(takeIn(table, names)), Bind.Texts.of(List.of(id.text())));
                    ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        });
    }

    /**
     * The same for several, behind the locks of their ids; nobody else changes them until the end of the transaction. Parameter:
     * an array of ids.
     */
    static String takeIn(RecordTable table, Names names) {
        String some = " AND f." + table.idColumn() + " = ANY (?::text[]::" + table.idType() + "[])";
        return taking(table, names, some, "CASE WHEN c.fresh THEN " + FoundRows.VERSION + " ELSE c.v END");
    }

    private static String taking(RecordTable table, Names names, String some, String version) {
        String versions = new Counters(names).versions(table.schema());
        String collection = Names.literal(table.schema().name());
        String id = "f." + table.idColumn();
        String order = id + (table.textId() ? " COLLATE \"C\"" : "");
        String seen = FoundRows.SEEN;
        return "WITH b AS MATERIALIZED (SELECT " + id + " AS id, " + FoundRows.seen(table, "f") + " AS seen, s."
                + RecordTable.SIDE_ID + " IS NULL AS fresh FROM " + table.name() + " f LEFT JOIN " + table.side()
                + " s ON s." + RecordTable.SIDE_ID + " = " + id + " WHERE (s." + RecordTable.SIDE_ID + " IS NULL OR s."
                + seen + " IS DISTINCT FROM " + FoundRows.seen(table, "f") + ")" + some + " ORDER BY " + order
                + (some.isEmpty() ? "" : " FOR UPDATE OF f") + "), c AS MATERIALIZED (SELECT b.*, nextval(" + versions
                + ") AS v FROM b), t AS (INSERT INTO " + table.side() + " AS s (" + RecordTable.SIDE_ID + ", "
                + RecordTable.VERSION + ", " + RecordTable.ORDER + ", " + seen + ") SELECT c.id, " + version
                + ", c.v, c.seen FROM c ON CONFLICT (" + RecordTable.SIDE_ID + ") DO UPDATE SET " + RecordTable.VERSION
                + " = EXCLUDED." + RecordTable.VERSION + ", " + seen + " = EXCLUDED." + seen + " WHERE s." + seen
                + " IS DISTINCT FROM EXCLUDED." + seen + " AND EXCLUDED." + RecordTable.VERSION + " > s."
                + RecordTable.VERSION + " RETURNING s." + RecordTable.SIDE_ID + "::text AS id, s." + RecordTable.VERSION
                + " AS v), p AS (" + WriteSql.markInto(names.pending()) + " SELECT " + collection
                + ", t.id, t.v, 0, now(), NULL FROM t JOIN " + names.ledger() + " l ON l.collection = " + collection
                + " AND l.state = 'ACTIVE' AND l.mirroring <> 'OFF' WHERE t.v > " + FoundRows.VERSION
                + " ORDER BY t.id " + WriteSql.onMarked(versions, false) + ") SELECT count(*) FROM t";
    }
}
