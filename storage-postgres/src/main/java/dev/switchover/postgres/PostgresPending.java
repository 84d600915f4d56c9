package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.ParkedRecord;
import dev.switchover.storage.spi.PendingBatch;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingSet;
import dev.switchover.storage.spi.PendingSummary;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/** The table of pending ids. Thread-safe. */
final class PostgresPending implements PendingSet {

    /** A lock for each, see {@link WriteSql}. */
    private static final int MARKED_AT_ONCE = 256;

    private static final int ACKNOWLEDGED_AT_ONCE = 5_000;

    private final Database database;
    private final Names names;
    private final Supplier<Tables> tables;
    private final Supplier<Capabilities> capabilities;
    private final JoinedUnits joined;
    private final PendingTaker taker;

    PostgresPending(
            Database database,
            Names names,
            Supplier<Tables> tables,
            Supplier<Capabilities> capabilities,
            JoinedUnits joined) {
        this.database = database;
        this.names = names;
        this.tables = tables;
        this.capabilities = capabilities;
        this.joined = joined;
        this.taker = new PendingTaker(database, names, tables, joined);
    }

    @Override
    public PendingBatch take(Collection<CollectionSchema<?, ?>> schemas, int records, long bytes) {
        return taker.take(schemas, records, bytes);
    }

    @Override
    public void acknowledge(Map<CollectionSchema<?, ?>, Fence> fences, Collection<PendingMark> marks) {
        Map<CollectionSchema<?, ?>, List<PendingMark>> bySchema = new LinkedHashMap<>();
        marks.forEach(mark -> bySchema.computeIfAbsent(mark.schema(), unused -> new ArrayList<>())
                .add(mark));
        bySchema.forEach((schema, all) -> {
            Fence fence = fences.get(schema);
            if (fence == null) {
                throw new IllegalArgumentException("No fence for " + schema.name());
            }
            for (List<PendingMark> some : slices(all, ACKNOWLEDGED_AT_ONCE)) {
                acknowledge(schema, fence, some);
            }
        });
        joined.tidy(database);
    }

    private void acknowledge(CollectionSchema<?, ?> schema, Fence fence, List<PendingMark> marks) {
        String sql = AcknowledgeSql.of(open(schema), schema, names);
        fenced(
                schema,
                fence,
                sql,
                Bind.Texts.of(marks.stream().map(mark -> mark.id().text()).toList()),
                Bind.Longs.of(marks.stream().map(PendingMark::version).toList()));
    }

    @Override
    public void mark(CollectionSchema<?, ?> schema, Fence fence, Collection<RecordId> ids) {
        String versions = new Counters(names).versions(schema);
        String locked = capabilities.get().advisoryLocks()
                ? "SELECT count(pg_advisory_xact_lock(a.space, a.hash)::text) AS held FROM"
                        + " unnest(?::int[], ?::int[]) AS a (space, hash), l WHERE l.open"
                : "SELECT count(*) AS held FROM unnest(?::int[], ?::int[])";
        // Nothing is deleted, but the table's lock keeps it apart from a batch that locks no ids.
        String sql = "WITH " + open(schema) + ", t AS (DELETE FROM "
                + RecordTable.of(schema, names).locked()
                + " WHERE false), k AS MATERIALIZED (" + locked + "), done AS ("
                + WriteSql.markInto(names.pending()) + " SELECT " + Names.literal(schema.name())
                + ", a.id, nextval(" + versions + "), 0, now(), NULL FROM k CROSS JOIN l CROSS JOIN LATERAL"
                + " (SELECT id FROM unnest(?::text[]) AS u (id) WHERE l.open AND k.held >= 0 OFFSET 0) a"
                + " ON CONFLICT (collection, id) DO UPDATE SET version = nextval(" + versions + ") RETURNING 1)"
                + " SELECT l.seen, l.open, (SELECT count(*) FROM done) FROM l";
        List<RecordId> distinct = ids.stream().distinct().toList();
        for (List<RecordId> some : slices(distinct, MARKED_AT_ONCE)) {
            List<int[]> locks = some.stream()
                    .map(id -> lock(schema, id))
                    .sorted((left, right) -> left[0] != right[0]
                            ? Integer.compare(left[0], right[0])
                            : Integer.compare(left[1], right[1]))
                    .toList();
            fenced(
                    schema,
                    fence,
                    sql,
                    new Bind.Ints(locks.stream().map(lock -> lock[0]).toArray(Integer[]::new)),
                    new Bind.Ints(locks.stream().map(lock -> lock[1]).toArray(Integer[]::new)),
                    Bind.Texts.of(some.stream().map(RecordId::text).toList()));
        }
    }

    private int[] lock(CollectionSchema<?, ?> schema, RecordId id) {
        RecordTable table = tables.get().of(schema, id).shape();
        return new int[] {WriteSql.lockSpace(names, table), WriteSql.lockOf(table.idParameter(id))};
    }

    @Override
    public void park(Fence fence, PendingMark mark, String reason) {
        CollectionSchema<?, ?> schema = mark.schema();
        String sql = "WITH " + open(schema) + ", done AS (UPDATE " + names.pending()
                + " AS p SET parked = ? FROM l WHERE l.open AND p.collection = " + Names.literal(schema.name())
                + " AND p.id = ? AND p.version = ? RETURNING 1) SELECT l.seen, l.open, (SELECT count(*) FROM done) FROM l";
        fenced(schema, fence, sql, reason, mark.id().text(), mark.version());
    }

    @Override
    public List<ParkedRecord> parked(CollectionSchema<?, ?> schema) {
        String sql = "SELECT id, version, unit, since, parked FROM " + names.pending()
                + " WHERE collection = ? AND parked IS NOT NULL ORDER BY version";
        return database.read(subject(schema), connection -> {
            List<ParkedRecord> parked = new ArrayList<>();
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), schema.name());
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    parked.add(new ParkedRecord(mark(schema, row), row.getString(5)));
                }
            }
            return parked;
        });
    }

    @Override
    public int retry(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return change("UPDATE " + names.pending() + " SET parked = NULL", schema, ids);
    }

    @Override
    public int discard(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return change("DELETE FROM " + names.pending(), schema, ids);
    }

    private int change(String what, CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return database.write(
                subject(schema),
                connection -> Bind.update(
                        connection,
                        what + " WHERE collection = ? AND id = ANY (?::text[]) AND parked IS NOT NULL",
                        schema.name(),
                        texts(ids)));
    }

    @Override
    public PendingSummary summary(CollectionSchema<?, ?> schema) {
        String sql = "SELECT count(*) FILTER (WHERE parked IS NULL), min(since) FILTER (WHERE parked IS NULL),"
                + " count(*) FILTER (WHERE parked IS NOT NULL) FROM " + names.pending() + " WHERE collection = ?";
        return database.read(subject(schema), connection -> {
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), schema.name());
                    ResultSet row = statement.executeQuery()) {
                row.next();
                OffsetDateTime oldest = row.getObject(2, OffsetDateTime.class);
                return new PendingSummary(row.getLong(1), oldest == null ? null : oldest.toInstant(), row.getLong(3));
            }
        });
    }

    @Override
    public List<PendingMark> marks(CollectionSchema<?, ?> schema, int atMost) {
        String sql = "SELECT id, version, unit, since FROM " + names.pending()
                + " WHERE collection = ? AND parked IS NULL ORDER BY version LIMIT ?";
        return database.read(subject(schema), connection -> {
            List<PendingMark> marks = new ArrayList<>();
            try (PreparedStatement statement =
                            Bind.all(connection.prepareStatement(sql), schema.name(), (long) atMost);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    marks.add(mark(schema, row));
                }
            }
            return marks;
        });
    }

    private static PendingMark mark(CollectionSchema<?, ?> schema, ResultSet row) throws SQLException {
        return new PendingMark(
                schema,
                new RecordId(row.getString(1)),
                row.getLong(2),
                row.getLong(3),
                row.getObject(4, OffsetDateTime.class).toInstant());
    }

    /** None: to send ids back and forth costs as much as to mark them. */
    @Override
    public List<RawRecord> unmarked(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return List.of();
    }

    @Override
    public List<RecordId> among(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        String sql = "SELECT id FROM " + names.pending() + " WHERE collection = ? AND id = ANY (?::text[])";
        return database.read(subject(schema), connection -> {
            List<RecordId> found = new ArrayList<>();
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), schema.name(), texts(ids));
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new RecordId(row.getString(1)));
                }
            }
            return found;
        });
    }

    /** Whether the ledger lets this worker go on; parameters: epoch, term. */
    private String open(CollectionSchema<?, ?> schema) {
        return "l AS MATERIALIZED (SELECT epoch, term, state || ', epoch ' || epoch || ', term ' || term AS seen, state = 'ACTIVE' AND"
                + " epoch = ? AND term = ? AS open FROM " + names.ledger() + " WHERE collection = "
                + Names.literal(schema.name()) + ")";
    }

    private void fenced(CollectionSchema<?, ?> schema, Fence fence, String sql, Object... parameters) {
        Object[] all = Stream.concat(Stream.of(fence.epoch(), fence.term()), Stream.of(parameters))
                .toArray();
        Optional<String> stop = database.write(subject(schema), connection -> {
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), all);
                    ResultSet row = unprepared(statement).executeQuery()) {
                if (!row.next()) {
                    return Optional.of("nothing");
                }
                return row.getBoolean(2) ? Optional.empty() : Optional.of(row.getString(1));
            }
        });
        stop.ifPresent(seen -> {
            throw fencedException(schema, fence, seen);
        });
    }

    /** Planned each time: a plan that is kept was made for a table of another length, which this one has had a second ago. */
    private static PreparedStatement unprepared(PreparedStatement statement) throws SQLException {
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        return statement;
    }

    static FencedException fencedException(CollectionSchema<?, ?> schema, Fence fence, @Nullable String seen) {
        return new FencedException(
                schema.name(),
                "The mirror worker of " + schema.name() + " works under epoch " + fence.epoch() + ", term "
                        + fence.term()
                        + ", PostgreSQL's ledger says " + (seen == null ? "nothing" : seen)
                        + "; nothing was changed");
    }

    private static Bind.Texts texts(Collection<RecordId> ids) {
        return Bind.Texts.of(ids.stream().map(RecordId::text).toList());
    }

    static <E> List<List<E>> slices(List<E> all, int size) {
        List<List<E>> slices = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            slices.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return slices;
    }

    private static Subject subject(CollectionSchema<?, ?> schema) {
        return new Subject(schema.name(), null);
    }
}
