package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Overwritten;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.Restoration;
import dev.switchover.storage.spi.Restored;
import dev.switchover.storage.spi.Written;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A restore as one transaction. It keeps writers out of the tables, walks what is there and what is wanted side by side in id order,
 * and writes what differs in pieces, so that memory stays constant. Thread-safe.
 */
final class PostgresRestore {

    /** In place of a record's place. */
    private static final long NO_RECORD = -1;

    private final WriterParts parts;
    private final Database database;
    private final Names names;
    private final Counters counters;
    private final Supplier<Tables> tables;
    private final Supplier<Capabilities> capabilities;
    private final Epochs epochs;
    private final BatchWriter writer;
    private final RecordReader reader;
    private final PostgresSettings settings;

    PostgresRestore(WriterParts parts, BatchWriter writer, RecordReader reader, PostgresSettings settings) {
        this.parts = parts;
        this.database = parts.database();
        this.names = parts.names();
        this.counters = new Counters(names);
        this.tables = parts.tables();
        this.capabilities = parts.capabilities();
        this.epochs = parts.epochs();
        this.writer = writer;
        this.reader = reader;
        this.settings = settings;
    }

    /**
     * What was done, and what is told to whoever watches that nothing of it gets lost.
     *
     * @param last for each collection that was written to, its last write
     */
    record Outcome(List<Restored> restored, List<Written> last) {}

    Outcome restore(List<Restoration> wanted, boolean together) {
        wanted.forEach(one -> epochs.of(one.schema()));
        // In the order of the tables' names, so that two restores lock them in one order.
        List<Restoration> sorted = wanted.stream()
                .sorted(Comparator.comparing(one -> shape(one.schema()).locked()))
                .toList();
        String collections = String.join(
                ", ", wanted.stream().map(one -> one.schema().name()).toList());
        int bulk = (int) settings.bulkTimeout().toMillis();
        Transaction transaction = Transaction.writing("SET LOCAL statement_timeout = " + bulk
                + "; SET LOCAL lock_timeout = " + settings.statementTimeout().toMillis());
        return database.transaction(new Subject(collections, null), transaction, connection -> {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, bulk);
            try {
                return run(connection, sorted, together, transaction);
            } finally {
                if (!connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, before);
                }
            }
        });
    }

    private Outcome run(Connection connection, List<Restoration> wanted, boolean together, Transaction transaction)
            throws SQLException {
        for (Restoration one : wanted) {
            counters.lock(connection, one.schema());
        }
        for (Restoration one : wanted) {
            requireServed(connection, one.schema(), transaction);
        }
        long unit = together ? 1 + ThreadLocalRandom.current().nextLong(Long.MAX_VALUE - 1) : 0;
        Set<Long> olderUnits = new TreeSet<>();
        List<Restored> restored = new ArrayList<>();
        List<Written> last = new ArrayList<>();
        for (Restoration one : wanted) {
            counters.raiseVersions(connection, one.schema(), one.version());
            RestorePieces pieces = new RestorePieces(connection, writer, tables.get(), one.schema(), unit, olderUnits);
            restored.add(walk(connection, one, pieces));
            pieces.last().ifPresent(last::add);
            counters.raiseIds(connection, one.schema(), Math.max(one.highestId(), pieces.highestId()));
        }
        if (together) {
            parts.joined().replace(connection, olderUnits, unit);
        }
        return new Outcome(restored, last);
    }

    private void requireServed(Connection connection, CollectionSchema<?, ?> schema, Transaction transaction)
            throws SQLException {
        long epoch = epochs.of(schema);
        String sql = "SELECT state || '/' || epoch || '/' || confirmed, state = 'ACTIVE' AND confirmed AND epoch = ?, "
                + capabilities.get().transactionName() + " FROM " + names.ledger() + " WHERE collection = ?";
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), epoch, schema.name());
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw epochs.fenced(schema, "");
            }
            if (!row.getBoolean(2)) {
                throw epochs.fenced(schema, row.getString(1));
            }
            transaction.known(row.getString(3));
        }
    }

    private Restored walk(Connection connection, Restoration one, RestorePieces pieces) throws SQLException {
        CollectionSchema<?, ?> schema = one.schema();
        Comparator<RecordId> order = schema.idType().order();
        long deleted = 0;
        long written = 0;
        long equal = 0;
        try (RecordCursor stored = SqlRows.open(connection, schema, reader.everything(schema));
                RecordCursor wanted = one.records().get();
                Overwritten overwritten = one.overwritten().get()) {
            RawRecord left = next(stored);
            RawRecord right = wanted.hasNext() ? wanted.next() : null;
            while (left != null || right != null) {
                int place = left == null ? 1 : right == null ? -1 : order.compare(left.id(), right.id());
                boolean stays = one.newerStays()
                        && left != null
                        && place <= 0
                        && (place < 0 || right == null || left.version() >= right.version());
                if (stays) {
                    equal++;
                } else if (place < 0 && left != null) {
                    tell(overwritten, left);
                    pieces.delete(left.id());
                    deleted++;
                } else if (right != null && (place > 0 || left == null || !Restoration.same(schema, left, right))) {
                    if (place == 0 && left != null) {
                        tell(overwritten, left);
                    }
                    pieces.put(right);
                    written++;
                } else {
                    equal++;
                }
                left = place <= 0 ? next(stored) : left;
                right = place >= 0 ? (wanted.hasNext() ? wanted.next() : null) : right;
            }
        }
        pieces.flush();
        return new Restored(schema, written, deleted, equal);
    }

    private static void tell(Overwritten overwritten, RawRecord old) {
        if (old.order() != NO_RECORD) {
            overwritten.accept(old);
        }
    }

    /** A row that is no record differs from every one. */
    private static @Nullable RawRecord next(RecordCursor stored) {
        if (!stored.hasNext()) {
            return null;
        }
        try {
            return stored.next();
        } catch (InvalidRecordException e) {
            String id = e.id();
            if (id == null) {
                throw e;
            }
            return new RawRecord(new RecordId(id), 0, NO_RECORD, new byte[0]);
        }
    }

    private RecordTable shape(CollectionSchema<?, ?> schema) {
        return tables.get().records(schema).shape();
    }
}
