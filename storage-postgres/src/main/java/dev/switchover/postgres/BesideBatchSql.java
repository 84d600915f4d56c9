package dev.switchover.postgres;

import dev.switchover.postgres.RecordTable.Value;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@link BatchSql} and {@link MirrorGroup} do to a table that is not ours and to the one beside it. Every row of the ids has
 * been taken in before, behind their locks ({@link Beside}), so that the row beside decides what version there is.
 */
final class BesideBatchSql {

    private final RecordTable table;
    private final String side;
    private final String versions;
    private final String id;
    private final Value rest;
    private final int restIndex;

    BesideBatchSql(RecordTable table, String versions) {
        this.table = table;
        this.side = java.util.Objects.requireNonNull(table.side());
        this.versions = versions;
        this.id = table.idColumn();
        this.restIndex = table.values().size() - 1;
        this.rest = table.values().get(restIndex);
    }

    /** The parts of a batch, over the rows of {@code i}. */
    String parts() {
        String created = "INSERT INTO " + table.name() + " AS t (" + id + names() + ") SELECT i.id" + cells("i")
                + " FROM i WHERE i.kind ";
        List<Value> own = table.ownValues();
        String seen = "t." + id + " AS id, " + FoundRows.seen(table, "t") + " AS seen";
        return "put AS (" + created + "= 'PUT' ORDER BY i.id ON CONFLICT (" + id + ") DO UPDATE SET " + assigned()
                + " RETURNING " + seen + "), made AS (" + created
                + "IN ('CREATE', 'INSERT') ORDER BY i.id ON CONFLICT (" + id + ") DO NOTHING RETURNING " + seen
                + "), stored AS (INSERT INTO " + side + " AS t (" + sideColumns() + ") SELECT i.id, i.c"
                + restIndex
                + "::json, i.v, i.v, d.seen FROM i JOIN (SELECT * FROM put UNION ALL SELECT * FROM made) d ON d.id ="
                + " i.id WHERE i.kind IN ('PUT', 'CREATE', 'INSERT') ORDER BY i.id ON CONFLICT (" + RecordTable.SIDE_ID
                + ") DO UPDATE SET " + sideAssigned() + " RETURNING t." + RecordTable.SIDE_ID + " AS id, t."
                + RecordTable.VERSION + " AS v, t." + RecordTable.ORDER + " AS o), m AS MATERIALIZED (SELECT t."
                + RecordTable.SIDE_ID + " AS id FROM " + side + " AS t JOIN i ON t." + RecordTable.SIDE_ID
                + " = i.id WHERE i.kind = 'REPLACE' AND t." + RecordTable.VERSION
                + " = i.expected FOR UPDATE OF t), changed AS (UPDATE " + table.name() + " AS t SET "
                + (own.isEmpty() ? id + " = i.id" : BatchSql.sets(own)) + " FROM i JOIN m ON m.id = i.id WHERE i.kind ="
                + " 'REPLACE' AND t." + id + " = i.id RETURNING " + seen + "), replaced AS (UPDATE " + side
                + " AS t SET "
                + rest.name() + " = i.c" + restIndex + "::json, " + FoundRows.SEEN + " = c.seen, "
                + RecordTable.VERSION
                + " = nextval(" + versions + ") FROM i JOIN changed c ON c.id = i.id WHERE i.kind = 'REPLACE' AND t."
                + RecordTable.SIDE_ID + " = i.id RETURNING t." + RecordTable.SIDE_ID + " AS id, t."
                + RecordTable.VERSION + " AS v, t." + RecordTable.ORDER + " AS o), let AS (DELETE FROM " + side
                + " AS t USING i WHERE i.kind = 'DELETE' AND t." + RecordTable.SIDE_ID
                + " = i.id AND (i.expected = -1 OR t." + RecordTable.VERSION + " = i.expected) RETURNING t."
                + RecordTable.SIDE_ID + " AS id), gone AS (DELETE FROM " + table.name() + " AS t USING let WHERE t."
                + id
                + " = let.id RETURNING t." + id + " AS id, nextval(" + versions + ") AS v, 0::bigint AS o), held AS"
                + " (SELECT t." + RecordTable.SIDE_ID + " AS id, t." + RecordTable.VERSION + " AS v FROM " + side
                + " AS t JOIN i ON t." + RecordTable.SIDE_ID + " = i.id JOIN " + table.name() + " AS f ON f." + id
                + " = i.id WHERE i.kind = 'CHECK' FOR SHARE OF t), w AS (SELECT * FROM stored UNION ALL SELECT * FROM"
                + " replaced UNION ALL SELECT * FROM gone),";
    }

    /**
     * The parts of an apply, over the rows of {@code a} (id, version, place, cells) and of {@code d} (id), to be stored and to be
     * deleted.
     */
    String applied() {
        return "stored AS (INSERT INTO " + table.name() + " AS t (" + id + names() + ") SELECT a.id" + cells("a")
                + " FROM a ORDER BY 1 ON CONFLICT (" + id + ") DO UPDATE SET " + assigned()
                + " RETURNING t." + id + " AS id, " + FoundRows.seen(table, "t") + " AS seen), beside AS (INSERT INTO "
                + side
                + " AS t (" + sideColumns() + ") SELECT a.id, a.c" + restIndex
                + "::json, a.version, a.place, d.seen FROM a JOIN stored d ON d.id = a.id ORDER BY 1 ON CONFLICT ("
                + RecordTable.SIDE_ID
                + ") DO UPDATE SET " + RecordTable.ORDER + " = EXCLUDED." + RecordTable.ORDER + ", " + sideAssigned()
                + "), gone AS (DELETE FROM " + table.name() + " AS t USING d WHERE t." + id
                + " = d.id), gone_beside AS (DELETE FROM " + side + " AS t USING d WHERE t." + RecordTable.SIDE_ID
                + " = d.id)";
    }

    private String sideColumns() {
        return RecordTable.SIDE_ID + ", " + rest.name() + ", " + RecordTable.VERSION + ", " + RecordTable.ORDER + ", "
                + FoundRows.SEEN;
    }

    private String sideAssigned() {
        return rest.name() + " = EXCLUDED." + rest.name() + ", " + RecordTable.VERSION + " = EXCLUDED."
                + RecordTable.VERSION + ", " + FoundRows.SEEN + " = EXCLUDED." + FoundRows.SEEN;
    }

    private String names() {
        return table.ownValues().stream().map(value -> ", " + value.name()).collect(Collectors.joining());
    }

    private String cells(String alias) {
        List<Value> own = table.ownValues();
        return own.isEmpty() ? "" : ", " + BatchSql.casts(own, alias + ".c%d::%s");
    }

    private String assigned() {
        List<Value> own = table.ownValues();
        return own.isEmpty()
                ? id + " = EXCLUDED." + id
                : own.stream()
                        .map(value -> value.name() + " = EXCLUDED." + value.name())
                        .collect(Collectors.joining(", "));
    }
}
