package dev.switchover.postgres;

import java.util.stream.Collectors;

/**
 * Several puts of different callers in one statement, each for itself: a short form of {@link ShortWriteSql} over arrays. It
 * gives back a row for each record that was written. Not written, and without any effect, is a record whose id another session
 * has locked: its caller waits for that alone, and nobody else does. Nothing at all is written where the ledger is not as
 * the writer takes it to be.
 *
 * <p>Parameters: arrays of ids, of locks and of each value; epoch. Answers {@link #ID} and what follows.
 */
final class CombinedWriteSql {

    static final int ID = 1;
    static final int WRITTEN_VERSION = 2;
    static final int WRITTEN_ORDER = 3;
    /** Of one that marks: the unit of work whose mark was replaced, 0 for none. */
    static final int MARK_UNIT = 4;

    private CombinedWriteSql() {}

    /**
     * Locks are tried, not waited for, so no two of these can block each other on them. OFFSET 0 keeps the lock before the version
     * that is drawn: whoever wrote the id before has committed then.
     */
    static String put(RecordTable table, Names names, boolean marking) {
        String versions = new Counters(names).versions(table.schema());
        String collection = Names.literal(table.schema().name());
        int width = table.values().size();
        String arrays = table.values().stream().map(value -> ", ?::text[]").collect(Collectors.joining());
        String open = "SELECT a.id, " + BatchSql.numbered(width, "a.c%d") + ", nextval(" + versions + ") AS v FROM "
                + names.ledger() + " l, unnest(?::text[], ?::int[]" + arrays + ") AS a (id, lock, "
                + BatchSql.numbered(width, "c%d") + ") WHERE l.collection = " + collection
                + " AND l.state = 'ACTIVE' AND l.confirmed AND l.epoch = ? AND l.mirroring " + (marking ? "<>" : "=")
                + " 'OFF' AND pg_try_advisory_xact_lock(" + WriteSql.lockSpace(names, table) + ", a.lock) OFFSET 0";
        String put = "INSERT INTO " + table.name() + " AS r (" + table.idColumn() + ", " + table.valueNames() + ", "
                + RecordTable.VERSION + ", " + RecordTable.ORDER + ") SELECT n.id::" + table.idType() + ", "
                + BatchSql.casts(table.values(), "n.c%d::%s") + ", n.v, n.v FROM (" + open + ") n ON CONFLICT ("
                + table.idColumn() + ") DO UPDATE SET "
                + table.values().stream()
                        .map(value -> value.name() + " = EXCLUDED." + value.name())
                        .collect(Collectors.joining(", "))
                + ", " + RecordTable.VERSION + " = EXCLUDED." + RecordTable.VERSION + " RETURNING r."
                + table.idColumn() + "::text AS id, r." + RecordTable.VERSION + " AS v, r." + RecordTable.ORDER
                + " AS o";
        if (!marking) {
            return put;
        }
        return "WITH w AS (" + put + "), p AS (" + WriteSql.markInto(names.pending()) + " SELECT " + collection
                + ", w.id, w.v, 0, now(), NULL FROM w ORDER BY w.id ON CONFLICT (collection, id) DO UPDATE SET"
                + " version = EXCLUDED.version, unit = CASE WHEN q.parked IS NULL THEN q.unit ELSE 0 END,"
                + " parked = NULL RETURNING q.id, q.unit) SELECT w.id, w.v, w.o, p.unit FROM w LEFT JOIN p ON p.id ="
                + " w.id";
    }
}
