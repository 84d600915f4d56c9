package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.PendingBatch;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Takes marks with the present state of their records, all of one moment. Thread-safe. */
final class PendingTaker {

    private static final int FETCH = 200;

    private final Database database;
    private final Names names;
    private final Supplier<Tables> tables;

    PendingTaker(Database database, Names names, Supplier<Tables> tables) {
        this.database = database;
        this.names = names;
        this.tables = tables;
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
                oldest(connection, schema, records, found);
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

    /** One more than asked for, so that it is known whether there are others. */
    private void oldest(Connection connection, CollectionSchema<?, ?> schema, int records, List<Sized> found)
            throws SQLException {
        RecordTable table = tables.get().records(schema).shape();
        String size = table.values().stream()
                .map(value -> "coalesce(pg_column_size(r." + value.name() + "), 0)")
                .collect(Collectors.joining(" + "));
        String id = table.textId() ? "p.id" : "CASE WHEN p.id <> '' THEN p.id::" + table.idType() + " END";
        String sql = "SELECT p.id, p.version, p.unit, p.since, " + size + " FROM " + names.pending() + " p LEFT JOIN "
                + table.source("r") + " ON r." + table.idColumn() + " = " + id
                + " WHERE p.collection = ? AND p.parked IS NULL ORDER BY p.since, p.version LIMIT ?";
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), schema.name(), records + 1L);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(new Sized(mark(schema, row), row.getLong(5)));
            }
        }
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
        Map<CollectionSchema<?, ?>, java.util.ArrayDeque<Sized>> queues = new LinkedHashMap<>();
        found.forEach(sized -> queues.computeIfAbsent(sized.mark.schema(), unused -> new java.util.ArrayDeque<>())
                .add(sized));
        Map<Key, PendingMark> chosen = new LinkedHashMap<>();
        long size = 0;
        while (chosen.size() < records && (size < bytes || chosen.isEmpty())) {
            java.util.ArrayDeque<Sized> next = queues.values().stream()
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

    private void wholeUnits(
            Connection connection, Collection<CollectionSchema<?, ?>> schemas, Map<Key, PendingMark> chosen)
            throws SQLException {
        List<Long> units = chosen.values().stream()
                .map(PendingMark::unit)
                .filter(unit -> unit != 0)
                .distinct()
                .toList();
        if (units.isEmpty()) {
            return;
        }
        Map<String, CollectionSchema<?, ?>> byName = new HashMap<>();
        schemas.forEach(schema -> byName.put(schema.name(), schema));
        String sql = "SELECT id, version, unit, since, collection FROM " + names.pending()
                + " WHERE unit <> 0 AND unit = ANY (?::bigint[]) AND collection = ANY (?::text[]) AND parked IS NULL"
                + " ORDER BY version";
        try (PreparedStatement statement = Bind.all(
                        connection.prepareStatement(sql),
                        Bind.Longs.of(units),
                        Bind.Texts.of(List.copyOf(byName.keySet())));
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                CollectionSchema<?, ?> schema = java.util.Objects.requireNonNull(byName.get(row.getString(5)));
                PendingMark mark = mark(schema, row);
                chosen.putIfAbsent(Key.of(mark), mark);
            }
        }
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
                        RawRecord record = java.util.Objects.requireNonNull(table.read(row, 1));
                        present.put(new Key(table.schema(), record.id()), record);
                    }
                }
            }
        }
        return present;
    }
}
