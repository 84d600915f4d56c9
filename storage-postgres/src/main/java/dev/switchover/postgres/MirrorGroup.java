package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Changes of one table that are applied by one statement. Built by one thread, then immutable. */
final class MirrorGroup {

    private static final int MOST_CHANGES = 1_000;
    private static final long MOST_BYTES = 4 << 20;

    /** Of the statement. */
    private enum Form {
        STORE_ONE,
        DELETE_ONE,
        STORE,
        CHANGE
    }

    private final RecordTable table;
    private final MirrorSql sql;
    private final Fence fence;
    private final long highestId;
    private final List<MirrorChange> changes = new ArrayList<>();
    private long bytes;

    private MirrorGroup(RecordTable table, MirrorSql sql, Fence fence, long highestId) {
        this.table = table;
        this.sql = sql;
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
        for (MirrorChange change : lastOfEach(changes)) {
            CollectionSchema<?, ?> schema = change.schema();
            Fence fence = fences.get(schema);
            if (fence == null) {
                throw new IllegalArgumentException("No fence for " + schema.name());
            }
            Tables.Table known = tables.of(schema, change.id());
            RecordTable table = known.shape();
            List<MirrorGroup> same =
                    groups.computeIfAbsent(schema.name() + (table.envelope() ? "/" : ""), unused -> new ArrayList<>());
            if (same.isEmpty() || same.get(same.size() - 1).full()) {
                same.add(new MirrorGroup(
                        table, known.statements().mirror(), fence, highestIds.getOrDefault(schema, 0L)));
            }
            same.get(same.size() - 1).add(change);
        }
        return groups.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    /** Records of one table, none of them twice, whatever their number. */
    static MirrorGroup whole(Tables.Table table, Fence fence, List<MirrorChange> changes) {
        MirrorGroup whole = new MirrorGroup(table.shape(), table.statements().mirror(), fence, 0);
        changes.forEach(whole::add);
        return whole;
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
        MirrorGroup all = new MirrorGroup(first.table, first.sql, first.fence, first.highestId);
        groups.forEach(group -> group.changes.forEach(all::add));
        return all;
    }

    /** Lets this apply in, as {@link MirrorSql#open} has it; parameters: {@link #openingParameters}. */
    String open() {
        return sql.open();
    }

    /** Whether {@link #apply} answers with a number of rows, and {@link #answer} with the rest. */
    boolean isShort() {
        return form() == Form.STORE_ONE;
    }

    /** One parameter: the number of this apply. */
    String answer() {
        return sql.answer();
    }

    /** Parameters: {@link #parameters}. */
    String apply() {
        return switch (form()) {
            case STORE_ONE -> sql.storeOne();
            case DELETE_ONE -> sql.deleteOne();
            case STORE -> sql.store();
            case CHANGE -> sql.change();
        };
    }

    private Form form() {
        if (table.side() != null) {
            return Form.CHANGE;
        }
        boolean one = changes.size() == 1;
        if (deletes()) {
            return one ? Form.DELETE_ONE : Form.CHANGE;
        }
        return one ? Form.STORE_ONE : Form.STORE;
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
    List<@Nullable Object> parameters(long number, long before) {
        List<@Nullable Object> parameters = new ArrayList<>(openingParameters(number, before));
        switch (form()) {
            case STORE_ONE -> addOne(parameters, changes.get(0));
            case DELETE_ONE -> parameters.add(table.idParameter(changes.get(0).id()));
            case STORE -> addStored(parameters);
            case CHANGE -> {
                addStored(parameters);
                addDeleted(parameters);
            }
        }
        return parameters;
    }

    /** A part of an apply that was let in under this number; not of a table that is not ours. Parameters: {@link #partParameters}. */
    String part() {
        return deletes() ? sql.changePart() : sql.storePart();
    }

    List<@Nullable Object> partParameters(long number) {
        List<@Nullable Object> parameters = new ArrayList<>(List.of(fence.epoch(), fence.term(), number));
        addStored(parameters);
        if (deletes()) {
            addDeleted(parameters);
        }
        return parameters;
    }

    private boolean deletes() {
        return changes.stream().anyMatch(change -> change.record() == null);
    }

    private void addDeleted(List<@Nullable Object> parameters) {
        parameters.add(Bind.Texts.of(changes.stream()
                .filter(change -> change.record() == null)
                .map(change -> table.idParameter(change.id()))
                .toList()));
    }

    private void addOne(List<@Nullable Object> parameters, MirrorChange change) {
        RawRecord record = Objects.requireNonNull(change.record());
        parameters.add(table.idParameter(change.id()));
        parameters.add(record.version());
        parameters.add(record.order());
        parameters.addAll(Arrays.asList(table.parameters(record.body())));
    }

    private void addStored(List<@Nullable Object> parameters) {
        int width = table.values().size();
        List<String> ids = new ArrayList<>();
        List<Long> versions = new ArrayList<>();
        List<Long> orders = new ArrayList<>();
        List<List<@Nullable String>> cells = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            cells.add(new ArrayList<>());
        }
        for (MirrorChange change : changes) {
            RawRecord record = change.record();
            if (record == null) {
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
        parameters.add(Bind.Texts.of(ids));
        parameters.add(Bind.Longs.of(versions));
        parameters.add(Bind.Longs.of(orders));
        cells.forEach(column -> parameters.add(Bind.Texts.of(column)));
    }

    /** The changes of one record each, the last one counting, in the given order. */
    static List<MirrorChange> lastOfEach(List<MirrorChange> changes) {
        record Key(CollectionSchema<?, ?> schema, String id) {}
        Map<Key, MirrorChange> last = new LinkedHashMap<>();
        for (MirrorChange change : changes) {
            last.put(new Key(change.schema(), change.id().text()), change);
        }
        return new ArrayList<>(last.values());
    }
}
