package dev.switchover.postgres;

import java.util.stream.Collectors;

/**
 * The writes of {@link WriteSql} in their shortest form: each says in its WHERE what it takes the ledger to be (open, and marking
 * pending or not), and gives back a row only if that is so and the record was written. No row means that nothing was written, and
 * not why: then the long form is asked, which decides anew. So the ledger decides here too, in the same statement, and a writer
 * whose belief is out of date loses a round trip, never a mark.
 *
 * <p>Half as many plan nodes as the long form, and where nothing is marked no second table: a third of the server's time.
 *
 * <p>Only for servers with advisory locks. Answers {@link #WRITTEN_VERSION}, {@link #WRITTEN_ORDER} and, of an insert, {@link
 * #MADE_ID}, of another one that marks, {@link #MARK_UNIT}.
 */
final class ShortWriteSql {

    static final int WRITTEN_VERSION = 1;
    static final int WRITTEN_ORDER = 2;
    static final int MADE_ID = 3;
    /** Of a marked one that is no insert. */
    static final int MARK_UNIT = 3;

    private final RecordTable table;
    private final Names names;
    private final String versions;
    private final String ids;
    private final boolean marking;

    ShortWriteSql(RecordTable table, Names names, boolean marking) {
        this.table = table;
        this.names = names;
        Counters counters = new Counters(names);
        this.versions = counters.versions(table.schema());
        this.ids = counters.ids(table.schema());
        this.marking = marking;
    }

    /** Parameters: id, values, epoch, lock, the id for the mark. */
    String put() {
        return marked(created() + " DO UPDATE SET "
                + table.values().stream()
                        .map(value -> value.name() + " = EXCLUDED." + value.name())
                        .collect(Collectors.joining(", "))
                + ", " + RecordTable.VERSION + " = EXCLUDED." + RecordTable.VERSION + returning());
    }

    /** Parameters: id, values, epoch, lock, the id for the mark. */
    String create() {
        return marked(created() + " DO NOTHING" + returning());
    }

    private String created() {
        return "INSERT INTO " + table.name() + " AS r (" + columns() + ") SELECT ?::" + table.idType() + ", "
                + valueParameters() + ", n.v, n.v FROM (SELECT nextval(" + versions + ") AS v" + open(true)
                + ") n ON CONFLICT (" + table.idColumn() + ")";
    }

    /** Parameters: values, epoch, lock, id, expected version, the id for the mark. */
    String replace() {
        return marked("UPDATE " + table.name() + " AS r SET "
                + table.values().stream()
                        .map(value -> value.name() + " = ?::" + value.type())
                        .collect(Collectors.joining(", "))
                + ", " + RecordTable.VERSION + " = nextval(" + versions + ") FROM (SELECT 1" + open(true)
                + ") l WHERE r." + table.idColumn() + " = ?::" + table.idType() + " AND r." + RecordTable.VERSION
                + " = ?" + returning());
    }

    /** Parameters: epoch, lock, id, the id for the mark. */
    String delete() {
        return delete("");
    }

    /** Parameters: epoch, lock, id, expected version, the id for the mark. */
    String deleteVersion() {
        return delete(" AND r." + RecordTable.VERSION + " = ?");
    }

    private String delete(String condition) {
        return marked("DELETE FROM " + table.name() + " AS r USING (SELECT 1" + open(true) + ") l WHERE r."
                + table.idColumn() + " = ?::" + table.idType() + condition + " RETURNING nextval(" + versions
                + ") AS v, 0::bigint AS o");
    }

    /** Parameters: of a document the text before and after the id, otherwise the values; then the epoch. */
    String insert() {
        String values = table.document() ? "(?::text || i.id::text || ?::text)::json" : valueParameters();
        String sql = "INSERT INTO " + table.name() + " AS r (" + columns() + ") SELECT i.id, " + values
                + ", i.v, i.v FROM (SELECT nextval(" + ids + ") AS id, nextval(" + versions + ") AS v" + open(false)
                + ") i ON CONFLICT (" + table.idColumn() + ") DO NOTHING" + returning() + ", r." + table.idColumn()
                + " AS id";
        return marking ? marked(sql, "w.id::text", ", id") : sql;
    }

    /**
     * Parameters: the epoch, then, with a lock, that of the id. OFFSET 0 keeps the lock before whatever is drawn or read outside,
     * and the lock comes last in its WHERE: a fenced write takes none.
     */
    private String open(boolean lock) {
        return " FROM " + names.ledger() + " WHERE collection = "
                + Names.literal(table.schema().name())
                + " AND state = 'ACTIVE' AND confirmed AND epoch = ? AND mirroring "
                + (marking ? "<>" : "=") + " 'OFF'"
                + (lock ? " AND pg_advisory_xact_lock(" + WriteSql.lockSpace(names, table) + ", ?) IS NOT NULL" : "")
                + " OFFSET 0";
    }

    private String marked(String sql) {
        return marking ? marked(sql, table.envelope() ? "''" : "?::text", ", (SELECT p.unit FROM p)") : sql;
    }

    /** With the id's lock held, this version is the newest. */
    private String marked(String sql, String id, String more) {
        return "WITH w AS (" + sql + "), p AS (" + WriteSql.markInto(names.pending()) + " SELECT "
                + Names.literal(table.schema().name()) + ", " + id + ", w.v, 0, now(), NULL FROM w "
                + "ON CONFLICT (collection, id) DO UPDATE SET version = EXCLUDED.version, unit = CASE WHEN"
                + " q.parked IS NULL THEN q.unit ELSE 0 END, parked = NULL RETURNING q.unit) SELECT v, o"
                + more + " FROM w";
    }

    private String columns() {
        return table.idColumn() + ", " + table.valueNames() + ", " + RecordTable.VERSION + ", " + RecordTable.ORDER;
    }

    private String valueParameters() {
        return table.values().stream().map(value -> "?::" + value.type()).collect(Collectors.joining(", "));
    }

    private static String returning() {
        return " RETURNING r." + RecordTable.VERSION + " AS v, r." + RecordTable.ORDER + " AS o";
    }
}
