package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ledger as one row per collection, and its history. Thread-safe. */
final class PostgresLedger implements Ledger {

    private static final String DURABLY = "SELECT " + SynchronousCommit.ON;

    private static final String CONTROL =
            "lineage = ? AND epoch = ? AND fork = ? AND state = ? AND confirmed = ? AND mirroring = ? AND term = ?";

    private final Database database;
    private final Names names;
    private final Counters counters;
    private final Quiesce quiesce;
    private final LedgerHistory history;
    private final Supplier<Capabilities> capabilities;
    private final Continuity continuity;

    PostgresLedger(Database database, Names names, Supplier<Capabilities> capabilities, Continuity continuity) {
        this.continuity = continuity;
        this.database = database;
        this.names = names;
        this.counters = new Counters(names);
        this.quiesce = new Quiesce(database, names);
        this.history = new LedgerHistory(names, capabilities);
        this.capabilities = capabilities;
    }

    @Override
    public Optional<LedgerEntry> read(CollectionSchema<?, ?> schema) {
        Optional<LedgerEntry> entry =
                database.read(subject(schema), connection -> read(connection, schema, PostgresLedger::requireWritable));
        entry.ifPresent(found -> continuity.saw(schema, found));
        return entry;
    }

    /** Inside a transaction that only reads. */
    Optional<LedgerEntry> read(Connection connection, CollectionSchema<?, ?> schema) throws SQLException {
        return read(connection, schema, readOnly -> {});
    }

    private Optional<LedgerEntry> read(Connection connection, CollectionSchema<?, ?> schema, Consumer<String> readOnly)
            throws SQLException {
        String sql = "SELECT " + LedgerRow.COLUMNS + ", greatest(version_floor, " + counters.lastVersion(schema)
                + "), greatest(highest_id, " + counters.highestId(schema) + "), now(), " + timeline()
                + ", current_setting('transaction_read_only') FROM " + names.ledger() + " WHERE collection = ?";
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), schema.name());
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            readOnly.accept(row.getString(LedgerRow.COUNT + 5));
            return Optional.of(LedgerRow.entry(row));
        }
    }

    private static void requireWritable(String readOnly) {
        if (readOnly.equals("on")) {
            throw new StoreUnavailableException(
                    Store.POSTGRESQL,
                    "PostgreSQL answers as a read-only standby, whose ledger may be old; connect to the writable"
                            + " server (target_session_attrs=read-write)",
                    null);
        }
    }

    @Override
    public boolean compareAndSet(
            CollectionSchema<?, ?> schema, @Nullable LedgerEntry expected, LedgerEntry next, String reason) {
        boolean becomesActive = next.state() == State.ACTIVE && (expected == null || expected.state() != State.ACTIVE);
        Transaction transaction = Transaction.writing(DURABLY);
        return database.transaction(subject(schema), transaction, connection -> {
            boolean raises = becomesActive || leadsBehind(connection, schema, next);
            if (raises) {
                counters.lock(connection, schema);
            }
            boolean changed =
                    expected == null ? insert(connection, schema, next) : update(connection, schema, expected, next);
            if (changed) {
                history.add(connection, schema, next, reason, transaction);
                if (raises) {
                    raise(connection, schema);
                }
            }
            return changed;
        });
    }

    /** Whether an authority is told of versions that its sequence has not reached: it must not give them again. */
    private boolean leadsBehind(Connection connection, CollectionSchema<?, ?> schema, LedgerEntry next)
            throws SQLException {
        if (next.state() != State.ACTIVE) {
            return false;
        }
        try (PreparedStatement statement = Bind.all(
                        connection.prepareStatement("SELECT " + counters.lastVersion(schema) + " < ?"),
                        next.position().version());
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    private boolean insert(Connection connection, CollectionSchema<?, ?> schema, LedgerEntry next) throws SQLException {
        String sql = "INSERT INTO " + names.ledger() + " (lineage, epoch, fork, state, confirmed, mirroring, term,"
                + " version_floor, highest_id, seen_timeline, seen_version, seen_token, seen_time, collection, token)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
        List<Object> values = LedgerRow.fields(next);
        values.add(schema.name());
        values.add(next.position().token());
        return Bind.update(connection, sql, values) == 1;
    }

    private boolean update(Connection connection, CollectionSchema<?, ?> schema, LedgerEntry expected, LedgerEntry next)
            throws SQLException {
        String sql = "UPDATE " + names.ledger() + " SET lineage = ?, epoch = ?, fork = ?, state = ?, confirmed = ?,"
                + " mirroring = ?, term = ?, last_apply = CASE WHEN term = ? THEN last_apply ELSE 0 END, version_floor = greatest(version_floor, ?), highest_id ="
                + " greatest(highest_id, ?), seen_timeline = ?, seen_version = ?, seen_token = ?, seen_time = ?"
                + " WHERE collection = ? AND " + CONTROL;
        List<Object> values = LedgerRow.fields(next);
        values.add(LedgerRow.CONTROL, next.term());
        values.add(schema.name());
        values.addAll(LedgerRow.control(expected));
        return Bind.update(connection, sql, values) == 1;
    }

    /** An authority's sequences go on behind everything it was ever told. */
    private void raise(Connection connection, CollectionSchema<?, ?> schema) throws SQLException {
        String sql = "SELECT greatest(version_floor, seen_version), greatest(highest_id, " + counters.highestId(schema)
                + ") FROM " + names.ledger() + " WHERE collection = ?";
        long version;
        long id;
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), schema.name());
                ResultSet row = statement.executeQuery()) {
            row.next();
            version = row.getLong(1);
            id = row.getLong(2);
        }
        counters.raiseVersions(connection, schema, version);
        counters.raiseIds(connection, schema, id);
    }

    @Override
    public void quiesce(CollectionSchema<?, ?> schema, Duration deadline) {
        quiesce.await(schema, deadline);
    }

    @Override
    public Position remember(CollectionSchema<?, ?> schema) {
        Transaction transaction = Transaction.writing(DURABLY);
        return database.transaction(subject(schema), transaction, connection -> {
            String token = history.addToken(connection, schema, transaction);
            String sql = "SELECT " + timeline() + ", greatest(" + counters.lastVersion(schema)
                    + ", (SELECT version_floor FROM " + names.ledger() + " WHERE collection = ?)), now()";
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), schema.name());
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return new Position(row.getString(1), row.getLong(2), token, LedgerRow.instant(row, 3));
            }
        });
    }

    @Override
    public boolean remembers(CollectionSchema<?, ?> schema, String token) {
        if (token.isEmpty()) {
            return true;
        }
        return database.read(subject(schema), connection -> history.remembers(connection, schema, token));
    }

    @Override
    public void noteSeen(CollectionSchema<?, ?> schema, Fence fence, Position other) {
        fenced(
                schema,
                fence,
                "seen_timeline = ?, seen_version = ?, seen_token = ?, seen_time = ?",
                other.timeline(),
                other.version(),
                other.token(),
                other.time());
    }

    @Override
    public void notePhase(CollectionSchema<?, ?> schema, Phase phase) {
        int rows = database.write(
                subject(schema),
                connection -> Bind.update(
                        connection,
                        "UPDATE " + names.ledger() + " SET phase = ? WHERE collection = ?",
                        phase.name(),
                        schema.name()));
        if (rows == 0) {
            throw new IllegalStateException("There is no ledger entry for " + schema.name());
        }
    }

    @Override
    public Optional<Phase> lastPhase(CollectionSchema<?, ?> schema) {
        return database.read(subject(schema), connection -> {
            try (PreparedStatement statement = Bind.all(
                            connection.prepareStatement(
                                    "SELECT phase FROM " + names.ledger() + " WHERE collection = ?"),
                            schema.name());
                    ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)).map(Phase::valueOf) : Optional.empty();
            }
        });
    }

    @Override
    public boolean hasLiveLease(CollectionSchema<?, ?> schema) {
        return database.read(subject(schema), connection -> {
            try (PreparedStatement statement = Bind.all(
                            connection.prepareStatement("SELECT 1 FROM " + names.ledger()
                                    + " WHERE collection = ? AND lease_until > clock_timestamp()"),
                            schema.name());
                    ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        });
    }

    @Override
    public void renewLease(CollectionSchema<?, ?> schema, Fence fence, Duration lease) {
        fenced(schema, fence, "lease_until = clock_timestamp() + ? * interval '1 millisecond'", lease.toMillis());
    }

    private void fenced(CollectionSchema<?, ?> schema, Fence fence, String assignments, Object... values) {
        String sql =
                "UPDATE " + names.ledger() + " SET " + assignments + " WHERE collection = ? AND epoch = ? AND term = ?";
        Object[] all = java.util.Arrays.copyOf(values, values.length + 3);
        all[values.length] = schema.name();
        all[values.length + 1] = fence.epoch();
        all[values.length + 2] = fence.term();
        int rows = database.write(subject(schema), connection -> Bind.update(connection, sql, all));
        if (rows == 0) {
            throw new FencedException(
                    schema.name(),
                    "The mirror worker of " + schema.name() + " (epoch " + fence.epoch() + ", term " + fence.term()
                            + ") is no longer the one PostgreSQL's ledger names; another process took over");
        }
    }

    private String timeline() {
        return capabilities.get().timeline();
    }

    private static Subject subject(CollectionSchema<?, ?> schema) {
        return new Subject(schema.name(), null);
    }
}
