package dev.switchover.postgres;

import dev.switchover.postgres.RecordTable.Value;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The part {@code w} of {@link WriteSql} for a table that is not ours: the record goes there, and version, order and what has no
 * column to the table beside it, in the same statement. Parameters and what {@code w} gives are those of the plain form.
 *
 * <p>Where a version is expected, the row beside decides, under its lock, and whether the record still is what it was when that
 * version was given.
 */
final class BesideSql {

    private final RecordTable table;
    private final String side;
    private final String versions;
    private final String id;
    private final Value rest;

    BesideSql(RecordTable table, String versions) {
        this.table = table;
        this.side = java.util.Objects.requireNonNull(table.side());
        this.versions = versions;
        this.id = table.idColumn();
        this.rest = table.values().get(table.values().size() - 1);
    }

    /** Of what is written, the id first, by these names. */
    private String given(String from) {
        List<Value> values = table.values();
        StringBuilder sql = new StringBuilder("x AS MATERIALIZED (SELECT ");
        sql.append(from);
        for (int i = 0; i < values.size(); i++) {
            sql.append(", ?::").append(values.get(i).type()).append(" AS c").append(i);
        }
        return sql.toString();
    }

    String put() {
        return created("?::" + table.idType() + " AS id", " FROM l WHERE l.open)", " DO UPDATE SET " + assigned(), "");
    }

    String create() {
        return created(
                "?::" + table.idType() + " AS id",
                " FROM l WHERE l.open)",
                " DO NOTHING",
                RecordTable.ORDER + " = EXCLUDED." + RecordTable.ORDER + ", ");
    }

    /** The id is made here. */
    String insert(String ids) {
        return ", i AS MATERIALIZED (SELECT nextval(" + ids + ") AS id FROM l WHERE l.open)"
                + created(
                        "i.id",
                        " FROM i)",
                        " DO NOTHING",
                        RecordTable.ORDER + " = EXCLUDED." + RecordTable.ORDER + ", ");
    }

    private String created(String idValue, String from, String onConflict, String more) {
        // The version is drawn in a step of its own, behind the lock that l takes.
        return ", " + given(idValue) + ", nextval(" + versions + ") AS v" + from + ", f AS (INSERT INTO " + table.name()
                + " AS r (" + id + names(", ") + ") SELECT x.id" + cells() + " FROM x ON CONFLICT (" + id + ")"
                + onConflict + " RETURNING r." + id + " AS id, " + FoundRows.seen(table, "r")
                + " AS seen), w AS (INSERT INTO "
                + side + " AS r ("
                + RecordTable.SIDE_ID + ", " + rest.name() + ", " + RecordTable.VERSION + ", " + RecordTable.ORDER
                + ", "
                + FoundRows.SEEN
                + ") SELECT x.id, x.c" + restIndex() + ", x.v, x.v, f.seen FROM x JOIN f ON f.id = x.id ON CONFLICT ("
                + RecordTable.SIDE_ID + ") DO UPDATE SET " + more + rest.name() + " = EXCLUDED." + rest.name() + ", "
                + FoundRows.SEEN + " = EXCLUDED." + FoundRows.SEEN + ", " + RecordTable.VERSION + " = EXCLUDED."
                + RecordTable.VERSION + " RETURNING r." + RecordTable.VERSION
                + " AS v, r." + RecordTable.ORDER + " AS o)";
    }

    String replace() {
        StringBuilder sets = new StringBuilder();
        List<Value> own = table.ownValues();
        for (int i = 0; i < own.size(); i++) {
            sets.append(i == 0 ? "" : ", ")
                    .append(own.get(i).name())
                    .append(" = x.c")
                    .append(i);
        }
        List<Value> values = table.values();
        StringBuilder given = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            given.append("?::")
                    .append(values.get(i).type())
                    .append(" AS c")
                    .append(i)
                    .append(", ");
        }
        return ", x AS MATERIALIZED (SELECT " + given + "?::" + table.idType()
                + " AS id, ?::bigint AS expected FROM l WHERE l.open), "
                + unchanged("x.id", "x.expected", "CROSS JOIN x", "true") + ", u AS (UPDATE " + table.name()
                + " AS r SET "
                + (own.isEmpty() ? id + " = x.id" : sets.toString()) + " FROM x JOIN h ON h.id = x.id WHERE r." + id
                + " = x.id RETURNING r." + id + " AS id, " + FoundRows.seen(table, "r") + " AS seen), w AS (UPDATE "
                + side
                + " AS r SET " + rest.name() + " = x.c" + restIndex() + ", " + FoundRows.SEEN + " = u.seen, "
                + RecordTable.VERSION + " = nextval(" + versions + ") FROM x JOIN u ON u.id = x.id WHERE r."
                + RecordTable.SIDE_ID + " = x.id RETURNING r." + RecordTable.VERSION + " AS v, r." + RecordTable.ORDER
                + " AS o)";
    }

    /**
     * The record, if it has the version and nobody else has changed it since that was given; nobody does until the end of this
     * statement. If somebody has, it is taken in and asked for again ({@link Beside}).
     */
    private String unchanged(String wantedId, String version, String from, String open) {
        return "h AS MATERIALIZED (SELECT k." + RecordTable.SIDE_ID + " AS id FROM " + side + " k JOIN " + table.name()
                + " f ON f." + id + " = k." + RecordTable.SIDE_ID + " " + from + " WHERE " + open + " AND k."
                + RecordTable.SIDE_ID + " = " + wantedId + " AND k." + RecordTable.VERSION + " = " + version + " AND k."
                + FoundRows.SEEN + " IS NOT DISTINCT FROM " + FoundRows.seen(table, "f") + " FOR UPDATE OF k, f)";
    }

    String delete() {
        return ", w AS (DELETE FROM " + table.name() + " AS r USING l WHERE l.open AND r." + id + " = ?::"
                + table.idType() + " RETURNING r." + id + " AS id, nextval(" + versions
                + ") AS v, 0::bigint AS o), s AS (DELETE FROM " + side + " AS r USING w WHERE r." + RecordTable.SIDE_ID
                + " = w.id)";
    }

    String deleteVersion() {
        return ", " + unchanged("?::" + table.idType(), "?", "CROSS JOIN l", "l.open") + ", s AS (DELETE FROM " + side
                + " AS r USING h WHERE r." + RecordTable.SIDE_ID + " = h.id RETURNING r." + RecordTable.SIDE_ID
                + " AS id), w AS (DELETE FROM " + table.name() + " AS r USING s WHERE r." + id
                + " = s.id RETURNING nextval(" + versions + ") AS v, 0::bigint AS o)";
    }

    private int restIndex() {
        return table.values().size() - 1;
    }

    private String names(String before) {
        return table.ownValues().stream().map(value -> before + value.name()).collect(Collectors.joining());
    }

    private String cells() {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < table.ownValues().size(); i++) {
            sql.append(", x.c").append(i);
        }
        return sql.toString();
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
