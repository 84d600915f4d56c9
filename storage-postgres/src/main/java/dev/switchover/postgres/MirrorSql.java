package dev.switchover.postgres;

import java.util.stream.Collectors;

/**
 * What is applied to a table under the ledger's fence, in one statement each: everything, or nothing if the apply is not let in. It
 * answers what the ledger says, whether it let the worker go on, and the number it had.
 *
 * <p>Applies are numbered, and the ledger's row lets only a higher number through: one that was given up for lost, and reaches
 * the server after a later one, must not put an older state over a newer. A lower number than one that was answered for shows a
 * server that was put back to an older copy.
 *
 * <p>One record has forms of its own, and so have many of which none is deleted: the server plans those once. Where rows are
 * deleted by an array it plans anew for every length, which takes longer than doing it.
 *
 * <p>One statement that is an apply does not wait for the disk: its records are pending until {@link #force} has been answered. The server
 * loses commits in the order in which it made them, last ones first, so if the ledger's row has a number, all that was applied before is
 * there.
 *
 * @param open lets an apply in, as the first statement of a transaction whose ledger's row is held to its end, and answers. Parameters,
 *     here and first in all others: number of this apply, version, highest id, epoch, term, number, number before
 * @param force everything applied up to a number is on the disk if this gives a row. Parameters: epoch, term, number
 * @param answer what the others answer, without them; let in is then the apply whose number is the last. One parameter: number
 * @param storeOne more parameters: id, version, order and values. Answers with the number of rows alone, which is 1 if it was let in:
 *     reading the ledger once more for each record took a tenth of the time
 * @param deleteOne one more parameter: id
 * @param store more parameters: arrays of ids, versions, orders and of each value
 * @param change the same, and an array of ids to be deleted
 * @param storePart of several transactions of an apply that was let in and committed: as {@code store}, but holds the ledger's row in
 *     common with the others, while the number is the last. Parameters: epoch, term, number, then as {@code store}
 * @param changePart the same of {@code change}
 */
record MirrorSql(
        String open,
        String force,
        String answer,
        String storeOne,
        String deleteOne,
        String store,
        String change,
        String storePart,
        String changePart) {

    static MirrorSql of(RecordTable table, Names names) {
        String collection = Names.literal(table.schema().name());
        String worker = " WHERE collection = " + collection
                + " AND state IN ('MIRROR', 'RECEIVING') AND epoch = ? AND term = ?";
        String update = "WITH open AS (UPDATE " + names.ledger()
                + " SET last_apply = ?, version_floor = greatest(version_floor, ?),"
                + " highest_id = greatest(highest_id, ?)" + worker
                + " AND last_apply < ? AND last_apply >= ? RETURNING ";
        String open = update + SynchronousCommit.OFF + " AS one)";
        String durable = update + SynchronousCommit.ON + " AS one)";
        String force = "UPDATE " + names.ledger() + " SET last_apply = last_apply" + worker
                + " AND last_apply >= ? RETURNING " + SynchronousCommit.ON;
        String asked = " SELECT state || ', epoch ' || epoch || ', term ' || term, ";
        String of = ", last_apply FROM " + names.ledger() + " WHERE collection = " + collection;
        String answer = asked + "EXISTS (SELECT 1 FROM open)" + of;
        String alone = asked + "last_apply = ?" + of;
        if (table.side() != null) {
            String beside = open + ", " + beside(table, names) + answer;
            return new MirrorSql(durable + answer, force, alone, beside, beside, beside, beside, beside, beside);
        }
        String id = table.idColumn();
        String into = "INSERT INTO " + table.name() + " AS t (" + id + ", " + RecordTable.VERSION + ", "
                + RecordTable.ORDER + ", " + table.valueNames() + ") SELECT ";
        String over = " ON CONFLICT (" + id + ") DO UPDATE SET " + RecordTable.VERSION + " = EXCLUDED."
                + RecordTable.VERSION + ", " + RecordTable.ORDER + " = EXCLUDED." + RecordTable.ORDER + ", "
                + table.values().stream()
                        .map(value -> value.name() + " = EXCLUDED." + value.name())
                        .collect(Collectors.joining(", "));
        String one =
                table.values().stream().map(value -> ", ?::" + value.type()).collect(Collectors.joining());
        String storeOne = into + "?::" + table.idType() + ", ?::bigint, ?::bigint" + one + " FROM open" + over;
        String deleteOne = "DELETE FROM " + table.name() + " AS t USING open WHERE t." + id + " = ?::" + table.idType();
        String store = into + "a.id::" + table.idType() + ", a.version, a.place, "
                + BatchSql.casts(table.values(), "a.c%d::%s") + " FROM open, " + arrays(table) + " ORDER BY 1" + over;
        String delete = "DELETE FROM " + table.name() + " AS t USING open, unnest(?::text[]) AS a (id) WHERE t." + id
                + " = a.id::" + table.idType();
        String held = "WITH open AS (SELECT " + SynchronousCommit.ON + " AS one FROM " + names.ledger() + worker
                + " AND last_apply = ? FOR SHARE)";
        return new MirrorSql(
                durable + answer,
                force,
                alone,
                open + " " + storeOne,
                open + ", gone AS (" + deleteOne + ")" + answer,
                open + ", stored AS (" + store + ")" + answer,
                open + ", stored AS (" + store + "), gone AS (" + delete + ")" + answer,
                held + ", stored AS (" + store + ")" + answer,
                held + ", stored AS (" + store + "), gone AS (" + delete + ")" + answer);
    }

    private static String arrays(RecordTable table) {
        int width = table.values().size();
        return "unnest(?::text[], ?::bigint[], ?::bigint[]" + ", ?::text[]".repeat(width)
                + ") AS a (id, version, place, " + BatchSql.numbered(width, "c%d") + ")";
    }

    /** Of a table that is not ours there is one form only, for all that may come. */
    private static String beside(RecordTable table, Names names) {
        return "a AS MATERIALIZED (SELECT a.id::" + table.idType() + " AS id, a.version, a.place, "
                + BatchSql.numbered(table.values().size(), "a.c%d") + " FROM open, " + arrays(table)
                + "), d AS MATERIALIZED (SELECT u.id::" + table.idType()
                + " AS id FROM open, unnest(?::text[]) AS u (id)), "
                + new BesideBatchSql(table, new Counters(names).versions(table.schema())).applied();
    }
}
