package dev.switchover.postgres;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Any number of writes to distinct records of one table as one statement over arrays. Runs inside a transaction, behind the
 * locks of its ids, so that its snapshot shows whatever happened to them before.
 */
final class BatchSql {

    /** What a row of the arrays asks for. */
    enum Kind {
        PUT,
        CREATE,
        REPLACE,
        DELETE,
        CHECK,
        INSERT
    }

    /** Columns of every row of the answer, in this order. */
    static final int SEEN = 1;

    static final int OPEN = 2;
    static final int MARKING = 3;
    /** From 1, as the writes were given; null if the ledger did not let any of them through. */
    static final int PLACE = 4;

    static final int ID = 5;
    static final int WRITTEN_VERSION = 6;
    static final int WRITTEN_ORDER = 7;
    static final int MARK_VERSION = 8;
    /** The version stored before this statement, or, of a check, the one that is held until the commit. */
    static final int FOUND = 9;

    /** The unit of work the mark belongs to: an older one, if it replaced a mark of that. */
    static final int UNIT = 10;

    /** The version of the mark that was replaced; null if there was none. */
    static final int REPLACED = 11;

    private BatchSql() {}

    /** One parameter, an {@code int[]} in ascending order, so that two batches do not block each other. */
    static String lockIds(int space) {
        return "SELECT pg_advisory_xact_lock(" + space + ", h) FROM unnest(?::int[]) AS h";
    }

    /** Instead, for many ids: a lock each would fill the server's lock table. */
    static String lockTable(RecordTable table) {
        return "LOCK TABLE " + table.locked() + " IN SHARE ROW EXCLUSIVE MODE";
    }

    /**
     * Parameters: epoch; arrays of kinds, ids, expected versions (-1 for any) and of each value; of a document also what comes
     * behind the id of an insert; unit.
     */
    static String write(RecordTable table, Names names) {
        Counters counters = new Counters(names);
        String collection = Names.literal(table.schema().name());
        String versions = counters.versions(table.schema());
        List<RecordTable.Value> values = table.values();
        String arrays = values.stream().map(value -> "?::text[]").collect(Collectors.joining(", "))
                + (table.document() ? ", ?::text[]" : "");
        String cells = numbered(values.size(), "u.c%d");
        boolean insertsIds = insertsIds(table);
        String id = insertsIds
                ? "CASE WHEN u.kind = 'INSERT' THEN nextval(" + counters.ids(table.schema()) + ") ELSE u.id::bigint END"
                : "u.id::" + table.idType();
        return "WITH l AS MATERIALIZED (SELECT state || '/' || epoch || '/' || confirmed AS seen, state = 'ACTIVE' AND"
                + " confirmed AND epoch = ? AS open, mirroring <> 'OFF' AS marking FROM " + names.ledger()
                + " WHERE collection = " + collection + "),"
                + " i AS MATERIALIZED (SELECT u.place, u.kind, " + id + " AS id, u.expected, " + cells
                + (table.document() ? ", u.tail" : "")
                + ", CASE WHEN u.kind IN ('PUT', 'CREATE', 'INSERT') THEN nextval("
                + versions
                + ") END AS v FROM l CROSS JOIN LATERAL (SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[], "
                + arrays + ") WITH ORDINALITY AS a (kind, id, expected, " + numbered(values.size(), "c%d")
                + (table.document() ? ", tail" : "") + ", place) WHERE l.open ORDER BY place OFFSET 0) u),"
                + (table.side() == null ? parts(table, versions) : new BesideBatchSql(table, versions).parts())
                + " p AS (" + WriteSql.markInto(names.pending()) + " SELECT " + collection + ", " + markId(table, "w")
                + ", w.v, ?, now(), NULL FROM w, l WHERE l.marking ORDER BY w.id " + WriteSql.onMarked(versions, true)
                + ")"
                + " SELECT l.seen, l.open, l.marking, i.place, i.id::text, w.v, w.o, p.version, coalesce(held.v, (SELECT f."
                + RecordTable.VERSION + " FROM " + table.source("f") + " WHERE f." + table.idColumn()
                + " = i.id)), p.unit, k.version"
                + " FROM l LEFT JOIN i ON true LEFT JOIN w ON w.id = i.id LEFT JOIN p ON p.id = " + markId(table, "i")
                + " LEFT JOIN held ON held.id = i.id LEFT JOIN " + names.pending() + " k ON k.collection = "
                + collection
                + " AND k.id = " + markId(table, "i") + " AND i.kind <> 'CHECK' ORDER BY i.place";
    }

    /** What is written, as {@code w}: an id, version and order each; and what is {@code held}. */
    private static String parts(RecordTable table, String versions) {
        boolean insertsIds = insertsIds(table);
        List<RecordTable.Value> values = table.values();
        String key = "t." + table.idColumn();
        String columns =
                table.idColumn() + ", " + table.valueNames() + ", " + RecordTable.VERSION + ", " + RecordTable.ORDER;
        String selected = table.document()
                ? insertsIds
                        ? "CASE WHEN i.kind = 'INSERT' THEN i.c0 || i.id::text || i.tail ELSE i.c0 END::json"
                        : "i.c0::json"
                : casts(values, "i.c%d::%s");
        String created = "INSERT INTO " + table.name() + " AS t (" + columns + ") SELECT i.id, " + selected
                + ", i.v, i.v FROM i WHERE i.kind ";
        String returning =
                " RETURNING " + key + " AS id, t." + RecordTable.VERSION + " AS v, t." + RecordTable.ORDER + " AS o";
        return " put AS (" + created + "= 'PUT' ORDER BY i.id ON CONFLICT (" + table.idColumn() + ") DO UPDATE SET "
                + values.stream()
                        .map(value -> value.name() + " = EXCLUDED." + value.name())
                        .collect(Collectors.joining(", "))
                + ", " + RecordTable.VERSION + " = EXCLUDED." + RecordTable.VERSION + returning + "),"
                + " made AS (" + created + "IN ('CREATE', 'INSERT') ORDER BY i.id ON CONFLICT (" + table.idColumn()
                + ") DO NOTHING" + returning + "),"
                + " replaced AS (UPDATE " + table.name() + " AS t SET " + sets(table) + ", " + RecordTable.VERSION
                + " = nextval(" + versions + ") FROM i WHERE i.kind = 'REPLACE' AND " + key + " = i.id AND t."
                + RecordTable.VERSION + " = i.expected" + returning + "),"
                + " gone AS (DELETE FROM " + table.name() + " AS t USING i WHERE i.kind = 'DELETE' AND " + key
                + " = i.id AND (i.expected = -1 OR t." + RecordTable.VERSION + " = i.expected) RETURNING " + key
                + " AS id, nextval(" + versions + ") AS v, 0::bigint AS o),"
                + " held AS (SELECT " + key + " AS id, t." + RecordTable.VERSION + " AS v FROM " + table.name()
                + " AS t JOIN i ON " + key + " = i.id WHERE i.kind = 'CHECK' FOR SHARE OF t),"
                + " w AS (SELECT * FROM put UNION ALL SELECT * FROM made UNION ALL SELECT * FROM replaced UNION ALL SELECT *"
                + " FROM gone),";
    }

    private static boolean insertsIds(RecordTable table) {
        return Counters.issuesIds(table.schema()) && !table.envelope();
    }

    private static String markId(RecordTable table, String alias) {
        return table.envelope() ? "''" : alias + ".id::text";
    }

    private static String sets(RecordTable table) {
        return sets(table.values());
    }

    /** Each of its cell in {@code i}. */
    static String sets(List<RecordTable.Value> values) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(values.get(i).name())
                    .append(" = i.c")
                    .append(i)
                    .append("::")
                    .append(values.get(i).type());
        }
        return text.toString();
    }

    static String casts(List<RecordTable.Value> values, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(String.format(Locale.ROOT, format, i, values.get(i).type()));
        }
        return text.toString();
    }

    static String numbered(int count, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ", ").append(String.format(Locale.ROOT, format, i));
        }
        return text.toString();
    }
}
