package dev.switchover.postgres;

import java.util.stream.Collectors;

/**
 * Statements for one write, each one round trip: the ledger is read, the record written if the ledger and the expectation let
 * it, the pending mark set if the ledger says so, and everything seen is returned, all in one statement.
 *
 * <p>The id's lock: a version must come after those of all earlier writes of the same id, and a record that is absent has no row
 * to lock. So every write takes an advisory lock on its id before it draws the version; the ledger's row is read first, so a
 * fenced write takes none. An id that is made here has no earlier writes. Where a server has no advisory locks, versions are
 * drawn behind the row's lock, which leaves a deletion beside a creation without a rule.
 *
 * <p>{@code order = version} exactly for a record just created. An envelope's mark has no id parameter.
 */
final class WriteSql {

    /** Columns of every answer, in this order. */
    static final int STATE = 1;

    static final int EPOCH = 2;
    static final int CONFIRMED = 3;
    static final int OPEN = 4;
    static final int MARKING = 5;
    static final int WRITTEN_VERSION = 6;
    static final int WRITTEN_ORDER = 7;
    static final int MARK_VERSION = 8;
    /** The version stored before, as the statement's snapshot shows it; of an insert, the id that was made. */
    static final int FOUND = 9;
    /** The unit of work whose mark this one replaced; 0 or null for none. */
    static final int MARK_UNIT = 10;

    private final RecordTable table;
    private final Names names;
    private final String versions;
    private final String ids;
    private final boolean advisoryLocks;

    private final String collection;
    private final int space;

    WriteSql(RecordTable table, Names names, boolean advisoryLocks) {
        this.table = table;
        this.names = names;
        Counters counters = new Counters(names);
        this.versions = counters.versions(table.schema());
        this.ids = counters.ids(table.schema());
        this.advisoryLocks = advisoryLocks;
        this.collection = Names.literal(table.schema().name());
        this.space = lockSpace(names, table);
    }

    /** Keeps the locks of different collections, schemas and libraries apart, as well as 32 bits do. */
    static int lockSpace(Names names, RecordTable table) {
        return ("switchover/" + names.schema() + "/" + table.schema().name() + "/" + table.envelope()).hashCode();
    }

    static int lockOf(String idParameter) {
        return idParameter.hashCode();
    }

    /** Parameter: id. */
    String find() {
        return "SELECT " + table.selected("r") + " FROM " + table.source("r") + " WHERE r." + table.idColumn()
                + " = ?::" + table.idType();
    }

    /** Parameters: epoch, lock, id, values, then the id for the mark. */
    String put() {
        if (table.side() != null) {
            return "WITH " + ledger(true) + beside().put() + mark() + answer("NULL::bigint");
        }
        return "WITH " + ledger(true) + ", w AS (INSERT INTO " + table.name() + " AS r (" + columns() + ") SELECT "
                + "?::" + table.idType() + ", " + valueParameters() + ", n.v, n.v" + fromOpen()
                + " ON CONFLICT (" + table.idColumn() + ") DO UPDATE SET "
                + table.values().stream()
                        .map(value -> value.name() + " = EXCLUDED." + value.name())
                        .collect(Collectors.joining(", "))
                + ", " + RecordTable.VERSION + " = " + newVersion() + returning("r") + ")" + mark()
                + answer("NULL::bigint");
    }

    /** Parameters: epoch, lock, id, values, the id for the mark, the id. */
    String create() {
        if (table.side() != null) {
            return "WITH " + ledger(true) + beside().create() + mark() + answer(found());
        }
        return "WITH " + ledger(true) + ", w AS (INSERT INTO " + table.name() + " AS r (" + columns() + ") SELECT "
                + "?::" + table.idType() + ", " + valueParameters() + ", n.v, n.v" + fromOpen()
                + " ON CONFLICT (" + table.idColumn() + ") DO NOTHING" + returning("r") + ")"
                + mark() + answer(found());
    }

    /** Parameters: epoch, lock, values, id, expected version, the id for the mark, the id. */
    String replace() {
        if (table.side() != null) {
            return "WITH " + ledger(true) + beside().replace() + mark() + answer(found());
        }
        return "WITH " + ledger(true) + ", w AS (UPDATE " + table.name() + " AS r SET "
                + table.values().stream()
                        .map(value -> value.name() + " = ?::" + value.type())
                        .collect(Collectors.joining(", "))
                + ", " + RecordTable.VERSION + " = nextval(" + versions + ") FROM l WHERE l.open AND r."
                + table.idColumn() + " = ?::" + table.idType() + " AND r." + RecordTable.VERSION + " = ?"
                + returning("r") + ")" + mark() + answer(found());
    }

    /** Parameters: epoch, lock, id, the id for the mark, the id. */
    String delete() {
        if (table.side() != null) {
            return "WITH " + ledger(true) + beside().delete() + mark() + answer(found());
        }
        return delete("");
    }

    /** Parameters: epoch, lock, id, expected version, the id for the mark, the id. */
    String deleteVersion() {
        if (table.side() != null) {
            return "WITH " + ledger(true) + beside().deleteVersion() + mark() + answer(found());
        }
        return delete(" AND r." + RecordTable.VERSION + " = ?");
    }

    private String delete(String condition) {
        return "WITH " + ledger(true) + ", w AS (DELETE FROM " + table.name() + " AS r USING l WHERE l.open AND r."
                + table.idColumn() + " = ?::" + table.idType() + condition + " RETURNING nextval(" + versions
                + ") AS v, 0::bigint AS o)" + mark() + answer(found());
    }

    /**
     * A record whose id is made here. Parameters: epoch, then of a document the text before and after the id, otherwise
     * the values.
     */
    String insert() {
        if (table.side() != null) {
            return "WITH " + ledger(false) + beside().insert(ids) + mark("(SELECT i.id::text FROM i)")
                    + answer("(SELECT i.id FROM i)");
        }
        String values = table.document() ? "(?::text || i.id::text || ?::text)::json" : valueParameters();
        return "WITH " + ledger(false) + ", i AS MATERIALIZED (SELECT nextval(" + ids + ") AS id, nextval(" + versions
                + ") AS v FROM l WHERE l.open), w AS (INSERT INTO " + table.name() + " AS r (" + columns()
                + ") SELECT i.id, "
                + values + ", i.v, i.v FROM i ON CONFLICT (" + table.idColumn() + ") DO NOTHING" + returning("r") + ")"
                + mark("(SELECT i.id::text FROM i)") + answer("(SELECT i.id FROM i)");
    }

    private BesideSql beside() {
        return new BesideSql(table, versions);
    }

    /** Parameters: the epoch, then, with a lock, that of the id. */
    private String ledger(boolean lock) {
        String open = "state = 'ACTIVE' AND confirmed AND epoch = ?";
        if (lock) {
            String held = advisoryLocks ? "pg_advisory_xact_lock(" + space + ", ?)" : "?::int";
            open = "CASE WHEN " + open + " THEN " + held + " IS NOT NULL ELSE false END";
        }
        return "l AS MATERIALIZED (SELECT state, epoch, confirmed, " + open
                + " AS open, mirroring <> 'OFF' AS marking FROM " + names.ledger() + " WHERE collection = " + collection
                + ")";
    }

    private String newVersion() {
        return advisoryLocks ? "EXCLUDED." + RecordTable.VERSION : "nextval(" + versions + ")";
    }

    private String columns() {
        return table.idColumn() + ", " + table.valueNames() + ", " + RecordTable.VERSION + ", " + RecordTable.ORDER;
    }

    private String valueParameters() {
        return table.values().stream().map(value -> "?::" + value.type()).collect(Collectors.joining(", "));
    }

    private String fromOpen() {
        return " FROM l CROSS JOIN LATERAL (SELECT nextval(" + versions + ") AS v WHERE l.open OFFSET 0) n";
    }

    private static String returning(String alias) {
        return " RETURNING " + alias + "." + RecordTable.VERSION + " AS v, " + alias + "." + RecordTable.ORDER
                + " AS o";
    }

    private String mark() {
        return mark(table.envelope() ? "''" : "?::text");
    }

    private String mark(String id) {
        return ", p AS (" + markInto(names.pending()) + " SELECT " + collection + ", " + id
                + ", w.v, 0, now(), NULL FROM w, l WHERE l.marking " + onMarked(versions, advisoryLocks) + ")";
    }

    static String markInto(String pending) {
        return "INSERT INTO " + pending + " AS q (collection, id, version, unit, since, parked)";
    }

    /**
     * A mark that is there takes the newer version, never keeps its own: the acknowledgement of the older one must not
     * remove it. A unit of work it belongs to stays, so that its records still go to the mirror together; see {@link JoinedUnits}.
     *
     * @param locked whether the id's lock is held, so that this version is the newest
     */
    static String onMarked(String versions, boolean locked) {
        String version = locked
                ? "EXCLUDED.version"
                : "CASE WHEN EXCLUDED.version > q.version THEN EXCLUDED.version ELSE nextval(" + versions + ") END";
        return "ON CONFLICT (collection, id) DO UPDATE SET version = " + version
                + ", unit = CASE WHEN q.unit = 0 OR q.parked IS NOT NULL THEN EXCLUDED.unit ELSE q.unit END,"
                + " parked = NULL RETURNING q.id, q.version, q.unit";
    }

    /** Evaluated only where nothing was written. */
    private String found() {
        return "CASE WHEN w.v IS NULL THEN (SELECT f." + RecordTable.VERSION + " FROM " + table.source("f")
                + " WHERE f." + table.idColumn() + " = ?::" + table.idType() + ") END";
    }

    private static String answer(String found) {
        return " SELECT l.state, l.epoch, l.confirmed, l.open, l.marking, w.v, w.o, (SELECT p.version FROM p), " + found
                + ", (SELECT p.unit FROM p) FROM l LEFT JOIN w ON true";
    }
}
