package dev.switchover.postgres;

import dev.switchover.postgres.RecordTable.Value;
import dev.switchover.storage.schema.ColumnType;
import java.util.stream.Collectors;

/**
 * SQL of a table that is not ours and the one beside it: rows that somebody else put there count as records before they are taken in.
 */
final class FoundRows {

    /** In the table beside another one: what the row there was when we last wrote or took it in. */
    static final String SEEN = "switchover_seen";

    /** Version of a row that has not been taken in; a counter's own begin at 1, and are of no record as long as this one is. */
    static final long VERSION = 1;

    /** Above every version, so that rows not taken in come last. */
    private static final long ORDER = 1L << 62;

    private FoundRows() {}

    /**
     * What a row is now, to be compared with {@link #SEEN}: 64 bits of its columns, whatever the session's time zone.
     *
     * @param alias of the row
     */
    static String seen(RecordTable table, String alias) {
        return "hashtextextended(ROW("
                + table.ownValues().stream()
                        .map(value -> value.type().equals(ColumnType.TIMESTAMP.sql())
                                ? "(" + alias + "." + value.name() + " AT TIME ZONE 'UTC')"
                                : alias + "." + value.name())
                        .collect(Collectors.joining(", "))
                + ")::text, 0)";
    }

    /** Both tables as one, under one alias. */
    static String joined(RecordTable table, String side, String alias) {
        String id = table.idColumn();
        Value rest = table.values().get(table.values().size() - 1);
        String number = table.idType().equals("bigint") ? "f." + id : "hashtextextended(f." + id + "::text, 0)";
        return "(SELECT f." + id
                + table.ownValues().stream().map(value -> ", f." + value.name()).collect(Collectors.joining())
                + ", s." + rest.name() + ", coalesce(s." + RecordTable.VERSION + ", " + VERSION + ") AS "
                + RecordTable.VERSION + ", coalesce(s." + RecordTable.ORDER + ", " + ORDER + " + (" + number + " & "
                + (ORDER - 1) + ")) AS " + RecordTable.ORDER + " FROM " + table.name() + " f LEFT JOIN " + side
                + " s ON s." + RecordTable.SIDE_ID + " = f." + id + ") " + alias;
    }
}
