package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.PendingBatch;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingRecord;
import dev.switchover.storage.spi.PendingSet;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Takes marks with the present state of their records, all of one moment. Thread-safe. */
final class PendingTaker {

    private static final int FETCH = 200;

    /** All bodies of units that share records, which have to be in memory at one time. */
    private static final long JOINED_BYTES = 64 << 20;

    private final Database database;
    private final Names names;
    private final Supplier<Tables> tables;
    private final JoinedUnits joined;

    PendingTaker(Database database, Names names, Supplier<Tables> tables, JoinedUnits joined) {
        this.database = database;
        this.names = names;
        this.tables = tables;
        this.joined = joined;
    }

    /** A mark and about how many bytes its record has. */
    private record Sized(PendingMark mark, long bytes) {}

    private record Key(CollectionSchema<?, ?> schema, RecordId id) {
        static Key of(PendingMark mark) {
            return new Key(mark.schema(), mark.id());
        }
    }

    PendingBatch take(Collection<CollectionSchema<?, ?>> schemas, int records, long bytes) {
        String collections = schemas.stream().map(CollectionSchema::name).collect(Collectors.joining(", "));
        return database.transaction(new Subject(collections, null), Transaction.reading(""), connection -> {
            List<Sized> found = new ArrayList<>();
            for (CollectionSchema<?, ?> schema : schemas) {
                found.addAll(sized(connection, schema, "", "ORDER BY p.since, p.version LIMIT ?", records + 1L));
            }
            Map<Key, PendingMark> chosen = choose(found, records, bytes);
            wholeUnits(connection, schemas, chosen);
            Map<Key, RawRecord> present = present(connection, chosen.keySet());
            List<PendingRecord> taken = chosen.entrySet().stream()
                    .sorted(Comparator.comparingLong(entry -> entry.getValue().version()))
                    .map(entry -> new PendingRecord(entry.getValue(), present.get(entry.getKey())))
                    .toList();
            return new PendingBatch(taken, found.stream().anyMatch(sized -> !chosen.containsKey(Key.of(sized.mark))));
        });
    }

    private List<Sized> sized(
            Connection connection, CollectionSchema<?, ?> schema, String condition, String order, Object parameter)
            throws SQLException {
        RecordTable table = tables.get().records(schema).shape();
        String size = table.values().stream()
                .map(value -> "coalesce(pg_column_size(r." + value.name() + "), 0)")
                .collect(Collectors.joining(" + "));
        String id = table.textId() ? "p.id" : "CASE WHEN p.id <> '' THEN p.id::" + table.idType() + " END";
        String sql = "SELECT p.id, p.version, p.unit, p.since, " + size + " FROM " + names.pending() + " p LEFT JOIN "
                + table.source("r") + " ON r." + table.idColumn() + " = " + id
                + " WHERE p.collection = ? AND p.parked IS NULL " + condition + order;
        List<Sized> found = new ArrayList<>();
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), schema.name(), parameter);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(new Sized(mark(schema, row), row.getLong(5)));
            }
        }
        return found;
    }

    private static PendingMark mark(CollectionSchema<?, ?> schema, ResultSet row) throws SQLException {
        return new PendingMark(
                schema,
                new RecordId(row.getString(1)),
                row.getLong(2),
                row.getLong(3),
                row.getObject(4, OffsetDateTime.class).toInstant());
    }

    /** What has waited longest, then by version. */
    private static Map<Key, PendingMark> choose(List<Sized> found, int records, long bytes) {
        Map<CollectionSchema<?, ?>, ArrayDeque<Sized>> queues = new LinkedHashMap<>();
        found.forEach(sized -> queues.computeIfAbsent(sized.mark.schema(), unused -> new ArrayDeque<>())
                .add(sized));
        Map<Key, PendingMark> chosen = new LinkedHashMap<>();
        long size = 0;
        while (chosen.size() < records && (size < bytes || chosen.isEmpty())) {
            ArrayDeque<Sized> next = queues.values().stream()
                    .filter(queue -> !queue.isEmpty())
                    .min(Comparator.comparing(queue -> queue.element().mark.since()))
                    .orElse(null);
            if (next == null) {
                break;
            }
            Sized sized = next.remove();
            chosen.put(Key.of(sized.mark), sized.mark);
            size += sized.bytes;
        }
        return chosen;
    }

    /** Adds the other marks of the chosen units, and those of the units these share records with, unless that is too much. */
    private void wholeUnits(
            Connection connection, Collection<CollectionSchema<?, ?>> schemas, Map<Key, PendingMark> chosen)
            throws SQLException {
        Set<Long> units =
                chosen.values().stream().map(PendingMark::unit).collect(Collectors.toCollection(LinkedHashSet::new));
        units.remove(0L);
        if (units.isEmpty()) {
            return;
        }
        Map<Long, Long> closure = joined.closure(connection, units, PendingSet.JOINED_AT_MOST);
        Map<Long, List<Sized>> together = new HashMap<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            for (Sized sized : sized(
                    connection,
                    schema,
                    "AND p.unit <> 0 AND p.unit = ANY (?::bigint[])",
                    "",
                    Bind.Longs.of(List.copyOf(closure.keySet())))) {
                together.computeIfAbsent(
                                Objects.requireNonNull(closure.get(sized.mark.unit())), unused -> new ArrayList<>())
                        .add(sized);
            }
        }
        together.forEach((unit, all) -> {
            boolean tooMuch = all.size() > PendingSet.JOINED_AT_MOST
                    || all.stream().mapToLong(Sized::bytes).sum() > JOINED_BYTES;
            for (Sized sized : all) {
                PendingMark mark = sized.mark;
                if (!tooMuch) {
                    chosen.put(Key.of(mark), ofUnit(mark, unit));
                } else if (units.contains(mark.unit())) {
                    chosen.putIfAbsent(Key.of(mark), mark);
                }
            }
        });
    }

    private static PendingMark ofUnit(PendingMark mark, long unit) {
        return new PendingMark(mark.schema(), mark.id(), mark.version(), unit, mark.since());
    }

    private Map<Key, RawRecord> present(Connection connection, Collection<Key> keys) throws SQLException {
        Map<RecordTable, List<RecordId>> byTable = new LinkedHashMap<>();
        for (Key key : keys) {
            RecordTable table = tables.get().of(key.schema, key.id).shape();
            byTable.computeIfAbsent(table, unused -> new ArrayList<>()).add(key.id);
        }
        Map<Key, RawRecord> present = new HashMap<>();
        for (Map.Entry<RecordTable, List<RecordId>> entry : byTable.entrySet()) {
            RecordTable table = entry.getKey();
            List<String> ids = entry.getValue().stream().map(table::idParameter).toList();
            String sql = "SELECT " + table.selected("r") + " FROM " + table.source("r") + " WHERE r." + table.idColumn()
                    + " = ANY (?::text[]::" + table.idType() + "[])";
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), Bind.Texts.of(ids))) {
                statement.setFetchSize(FETCH);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        RawRecord record = Objects.requireNonNull(table.read(row, 1));
                        present.put(new Key(table.schema(), record.id()), record);
                    }
                }
            }
        }
        return present;
    }
}
