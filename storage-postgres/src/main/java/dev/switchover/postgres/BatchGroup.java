package dev.switchover.postgres;

import dev.switchover.postgres.BatchSql.Kind;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes of one batch that go into one statement: of one table, each to another record. A second write to a record comes in a
 * later group, so that it sees the first. Built by one thread.
 */
final class BatchGroup {

    /** Bounds of one statement; the driver holds its parameters in memory twice. */
    private static final int MOST_WRITES = 1_000;

    private static final long MOST_BYTES = 4 << 20;

    private final RecordTable table;
    private final List<Write> writes = new ArrayList<>();
    private final List<Integer> indexes = new ArrayList<>();
    private final Set<RecordId> ids = new HashSet<>();
    private long bytes;

    private BatchGroup(RecordTable table) {
        this.table = table;
    }

    /** In the order to be run. Tables come by their names within a stage, so that two batches lock them in one order. */
    static List<BatchGroup> of(List<Write> writes, Tables tables) {
        List<BatchGroup> all = new ArrayList<>();
        Map<String, BatchGroup> stage = new LinkedHashMap<>();
        for (int i = 0; i < writes.size(); i++) {
            Write write = writes.get(i);
            RecordId id = id(write);
            RecordTable table = id == null
                    ? tables.records(write.schema()).shape()
                    : tables.of(write.schema(), id).shape();
            String key = write.schema().name() + (table.envelope() ? "/" : "");
            BatchGroup group = stage.computeIfAbsent(key, unused -> new BatchGroup(table));
            if (group.full() || (id != null && group.ids.contains(id))) {
                close(stage, all);
                group = new BatchGroup(table);
                stage.put(key, group);
            }
            group.add(write, i, id);
        }
        close(stage, all);
        return all;
    }

    private static void close(Map<String, BatchGroup> stage, List<BatchGroup> all) {
        stage.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> all.add(entry.getValue()));
        stage.clear();
    }

    private static @Nullable RecordId id(Write write) {
        if (write instanceof Write.Put put) {
            return put.id();
        } else if (write instanceof Write.Delete delete) {
            return delete.id();
        } else if (write instanceof Write.Check check) {
            return check.id();
        }
        return null;
    }

    private boolean full() {
        return writes.size() >= MOST_WRITES || bytes >= MOST_BYTES;
    }

    private void add(Write write, int index, @Nullable RecordId id) {
        writes.add(write);
        indexes.add(index);
        if (id != null) {
            ids.add(id);
        }
        if (write instanceof Write.Put put) {
            bytes += put.body().length;
        } else if (write instanceof Write.Insert insert) {
            bytes += insert.before().length + insert.after().length;
        }
    }

    RecordTable table() {
        return table;
    }

    int size() {
        return writes.size();
    }

    /** Those that are known beforehand. */
    Stream<RecordId> ids() {
        return ids.stream();
    }

    /** @param place from 1 */
    int indexOf(int place) {
        return indexes.get(place - 1);
    }

    Write write(int place) {
        return writes.get(place - 1);
    }

    Kind kind(int place) {
        return kind(write(place));
    }

    Expected expected(int place) {
        Write write = write(place);
        if (write instanceof Write.Put put) {
            return put.expected();
        } else if (write instanceof Write.Delete delete) {
            return delete.expected();
        } else if (write instanceof Write.Check check) {
            return check.expected();
        }
        return Expected.ABSENT;
    }

    private static Kind kind(Write write) {
        if (write instanceof Write.Put put) {
            if (put.expected() instanceof Expected.Any) {
                return Kind.PUT;
            }
            return put.expected() instanceof Expected.Version wanted && wanted.version() != 0
                    ? Kind.REPLACE
                    : Kind.CREATE;
        } else if (write instanceof Write.Delete) {
            return Kind.DELETE;
        } else if (write instanceof Write.Check) {
            return Kind.CHECK;
        }
        return Kind.INSERT;
    }

    /** The arrays of {@link BatchSql#write}, in the order of its parameters. */
    List<Object> arrays() {
        int count = writes.size();
        int width = table.values().size();
        @Nullable String[] kinds = new String[count];
        @Nullable String[] keys = new String[count];
        List<Long> expected = new ArrayList<>(count);
        @Nullable String[][] cells = new String[width][count];
        @Nullable String[] tails = new String[count];
        for (int i = 0; i < count; i++) {
            Write write = writes.get(i);
            kinds[i] = kind(write).name();
            RecordId id = id(write);
            keys[i] = id == null ? null : table.idParameter(id);
            Expected wanted = expected(i + 1);
            expected.add(
                    wanted instanceof Expected.Version version
                            ? version.version()
                            : wanted instanceof Expected.Absent ? 0L : -1L);
            @Nullable String[] row = row(write, tails, i);
            for (int c = 0; c < row.length; c++) {
                cells[c][i] = row[c];
            }
        }
        List<Object> arrays = new ArrayList<>();
        arrays.add(new Bind.Texts(kinds));
        arrays.add(new Bind.Texts(keys));
        arrays.add(Bind.Longs.of(expected));
        for (@Nullable String[] column : cells) {
            arrays.add(new Bind.Texts(column));
        }
        if (table.document()) {
            arrays.add(new Bind.Texts(tails));
        }
        return arrays;
    }

    private @Nullable String[] row(Write write, @Nullable String[] tails, int i) {
        if (write instanceof Write.Put put) {
            return table.parameters(put.body());
        } else if (write instanceof Write.Insert insert) {
            if (!table.document()) {
                return table.parameters(SingleWriter.body(insert, "0"));
            }
            tails[i] = new String(insert.after(), StandardCharsets.UTF_8);
            return new String[] {new String(insert.before(), StandardCharsets.UTF_8)};
        }
        return new String[0];
    }
}
