package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Changes of one table that are applied by one statement. Built by one thread, then immutable. */
final class MirrorGroup {

    private static final int MOST_CHANGES = 1_000;
    private static final long MOST_BYTES = 4 << 20;

    private final RecordTable table;
    private final Fence fence;
    private final long highestId;
    private final List<MirrorChange> changes = new ArrayList<>();
    private long bytes;

    private MirrorGroup(RecordTable table, Fence fence, long highestId) {
        this.table = table;
        this.fence = fence;
        this.highestId = highestId;
    }

    /** In the order of the tables' names, so that two batches lock them in one order. */
    static List<MirrorGroup> of(
            List<MirrorChange> changes,
            Map<CollectionSchema<?, ?>, Fence> fences,
            Map<CollectionSchema<?, ?>, Long> highestIds,
            Tables tables) {
        Map<String, List<MirrorGroup>> groups = new LinkedHashMap<>();
        for (MirrorChange change : PostgresMirror.lastOfEach(changes)) {
            CollectionSchema<?, ?> schema = change.schema();
            Fence fence = fences.get(schema);
            if (fence == null) {
                throw new IllegalArgumentException("No fence for " + schema.name());
            }
            RecordTable table = tables.of(schema, change.id()).shape();
            List<MirrorGroup> same =
                    groups.computeIfAbsent(schema.name() + (table.envelope() ? "/" : ""), unused -> new ArrayList<>());
            if (same.isEmpty() || same.get(same.size() - 1).full()) {
                same.add(new MirrorGroup(table, fence, highestIds.getOrDefault(schema, 0L)));
            }
            same.get(same.size() - 1).add(change);
        }
        return groups.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    private boolean full() {
        return changes.size() >= MOST_CHANGES || bytes >= MOST_BYTES;
    }

    private void add(MirrorChange change) {
        changes.add(change);
        RawRecord record = change.record();
        bytes += record == null ? 0 : record.body().length;
    }

    RecordTable table() {
        return table;
    }

    Fence fence() {
        return fence;
    }

    List<MirrorChange> changes() {
        return changes;
    }

    /** All of these, which are of one table, as one. */
    static MirrorGroup joined(List<MirrorGroup> groups) {
        MirrorGroup first = groups.get(0);
        MirrorGroup all = new MirrorGroup(first.table, first.fence, first.highestId);
        groups.forEach(group -> group.changes.forEach(all::add));
        return all;
    }

    /**
     * Lets this apply in, in one statement with what is applied, or as the first of a transaction: then the ledger's row is held
     * to its end. Parameters: {@link #openingParameters}.
     */
    String open(Names names) {
        return "WITH open AS (UPDATE " + names.ledger()
                + " SET last_apply = ?, version_floor = greatest(version_floor, ?),"
                + " highest_id = greatest(highest_id, ?) WHERE collection = " + collection()
                + " AND state IN ('MIRROR',"
                + " 'RECEIVING') AND epoch = ? AND term = ? AND last_apply < ? AND last_apply >= ? RETURNING 1 AS"
                + " one)";
    }

    /** What the ledger says, whether it let the apply in, and the number it had. */
    String answer(Names names) {
        return " SELECT state || ', epoch ' || epoch || ', term ' ||"
                + " term, EXISTS (SELECT 1 FROM open), last_apply FROM " + names.ledger() + " WHERE collection = "
                + collection();
    }

    private String collection() {
        return Names.literal(table.schema().name());
    }

    /**
     * Parameters: number of this apply, version, highest id, epoch, term, number, number before; arrays of ids, versions, orders and values;
     * array of ids to be deleted. Answers what the ledger says, whether it let the worker go on, and the number it had.
     *
     * <p>Applies are numbered, and the ledger's row lets only a higher number through: one that was given up for lost, and reaches
     * the server after a later one, must not put an older state over a newer. A lower number than one that was answered for shows a
     * server that was put back to an older copy.
     */
    String sql(Names names) {
        int width = table.values().size();
        StringBuilder cells = new StringBuilder();
        for (int i = 0; i < width; i++) {
            cells.append(", a.c")
                    .append(i)
                    .append("::")
                    .append(table.values().get(i).type());
        }
        String open = open(names) + ", ";
        String arrays = "unnest(?::text[], ?::bigint[], ?::bigint[]" + ", ?::text[]".repeat(width)
                + ") AS a (id, version, place, " + BatchSql.numbered(width, "c%d") + ")";
        String answer = answer(names);
        if (table.side() != null) {
            return open + "a AS MATERIALIZED (SELECT a.id::" + table.idType() + " AS id, a.version, a.place, "
                    + BatchSql.numbered(width, "a.c%d") + " FROM open, " + arrays
                    + "), d AS MATERIALIZED (SELECT u.id::"
                    + table.idType() + " AS id FROM open, unnest(?::text[]) AS u (id)), "
                    + new BesideBatchSql(table, new Counters(names).versions(table.schema())).applied() + answer;
        }
        return open + "stored AS (INSERT INTO "
                + table.name() + " AS t (" + table.idColumn() + ", " + RecordTable.VERSION + ", " + RecordTable.ORDER
                + ", "
                + table.valueNames() + ") SELECT a.id::" + table.idType() + ", a.version, a.place" + cells
                + " FROM open, " + arrays + " ORDER BY 1 ON CONFLICT ("
                + table.idColumn() + ") DO UPDATE SET " + RecordTable.VERSION + " = EXCLUDED." + RecordTable.VERSION
                + ", "
                + RecordTable.ORDER + " = EXCLUDED." + RecordTable.ORDER + ", "
                + table.values().stream()
                        .map(value -> value.name() + " = EXCLUDED." + value.name())
                        .collect(Collectors.joining(", "))
                + "), gone AS (DELETE FROM " + table.name() + " AS t USING open, unnest(?::text[]) AS a (id) WHERE t."
                + table.idColumn() + " = a.id::" + table.idType() + ")" + answer;
    }

    /** The numbers as of {@link #parameters}. */
    List<Object> openingParameters(long number, long before) {
        long version = 0;
        long highest = highestId;
        for (MirrorChange change : changes) {
            version = Math.max(version, change.version());
            highest = Math.max(highest, table.envelope() ? 0 : table.schema().number(change.id()));
        }
        return List.of(number, version, highest, fence.epoch(), fence.term(), number, before);
    }

    /**
     * @param number of this apply, higher than those before it
     * @param before the number of the last apply the server has answered for; 0 for none
     */
    List<Object> parameters(long number, long before) {
        int width = table.values().size();
        List<String> ids = new ArrayList<>();
        List<Long> versions = new ArrayList<>();
        List<Long> orders = new ArrayList<>();
        List<List<@Nullable String>> cells = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            cells.add(new ArrayList<>());
        }
        List<String> gone = new ArrayList<>();
        for (MirrorChange change : changes) {
            RawRecord record = change.record();
            if (record == null) {
                gone.add(table.idParameter(change.id()));
                continue;
            }
            ids.add(table.idParameter(change.id()));
            versions.add(record.version());
            orders.add(record.order());
            @Nullable String[] row = table.parameters(record.body());
            for (int i = 0; i < width; i++) {
                cells.get(i).add(row[i]);
            }
        }
        List<Object> parameters = new ArrayList<>(openingParameters(number, before));
        parameters.add(Bind.Texts.of(ids));
        parameters.add(Bind.Longs.of(versions));
        parameters.add(Bind.Longs.of(orders));
        cells.forEach(column -> parameters.add(Bind.Texts.of(column)));
        parameters.add(Bind.Texts.of(gone));
        return parameters;
    }
}
