package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the rows of a table that is not ours which somebody else put there: gives each a row beside it, with a version and a
 * place in the order. Thread-safe.
 */
final class Beside {

    private static final Logger LOG = LoggerFactory.getLogger(Beside.class);

    private final Database database;
    private final Names names;
    private final PostgresSettings settings;

    Beside(Database database, Names names, PostgresSettings settings) {
        this.database = database;
        this.names = names;
        this.settings = settings;
    }

    /** At the start: all of them, last in the order, by id; and, where PostgreSQL is the authority and mirrored, pending. */
    void takeInAll(CollectionSchema<?, ?> schema) {
        RecordTable table = RecordTable.of(schema, names);
        if (table.side() == null) {
            return;
        }
        String versions = new Counters(names).versions(schema);
        String collection = Names.literal(schema.name());
        String sql = "WITH t AS (INSERT INTO " + table.side() + " AS s (" + RecordTable.SIDE_ID + ", "
                + RecordTable.VERSION + ", " + RecordTable.ORDER + ") SELECT n.id, n.v, n.v FROM (SELECT m.id, nextval("
                + versions + ") AS v FROM (SELECT f." + table.idColumn() + " AS id FROM " + table.name()
                + " f WHERE NOT EXISTS (SELECT 1 FROM " + table.side() + " k WHERE k." + RecordTable.SIDE_ID + " = f."
                + table.idColumn() + ") ORDER BY f." + table.idColumn() + (table.textId() ? " COLLATE \"C\"" : "")
                + " OFFSET 0) m OFFSET 0) n ON CONFLICT (" + RecordTable.SIDE_ID + ") DO NOTHING RETURNING s."
                + RecordTable.SIDE_ID + "::text AS id, s." + RecordTable.VERSION + " AS v), p AS ("
                + WriteSql.markInto(names.pending()) + " SELECT " + collection
                + ", t.id, t.v, 0, now(), NULL FROM t JOIN " + names.ledger() + " l ON l.collection = " + collection
                + " AND l.state = 'ACTIVE' AND l.mirroring <> 'OFF' ORDER BY t.id " + WriteSql.onMarked(versions, false)
                + ") SELECT count(*) FROM t";
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
            LOG.info("Took in {} rows of {} that others had put into {}", count, schema.name(), table.name());
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql);
                var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** One that was read before it was taken in: under the version it was read with. */
    void takeIn(RecordTable table, RecordId id) {
        database.write(
                new Subject(table.schema().name(), id.toString()),
                connection -> Bind.update(connection, takeIn(table, names), Bind.Texts.of(List.of(id.text()))));
    }

    /** The same for several, behind the locks of their ids. Parameter: an array of ids. */
    static String takeIn(RecordTable table, Names names) {
        return "INSERT INTO " + table.side() + " (" + RecordTable.SIDE_ID + ", " + RecordTable.VERSION + ", "
                + RecordTable.ORDER + ") SELECT f." + table.idColumn() + ", " + RecordTable.FOUND_VERSION + ", nextval("
                + new Counters(names).versions(table.schema()) + ") FROM " + table.name() + " f WHERE f."
                + table.idColumn() + " = ANY (?::text[]::" + table.idType() + "[]) AND NOT EXISTS (SELECT 1 FROM "
                + table.side() + " k WHERE k." + RecordTable.SIDE_ID + " = f." + table.idColumn() + ") ORDER BY f."
                + table.idColumn() + " ON CONFLICT (" + RecordTable.SIDE_ID + ") DO NOTHING";
    }
}
