package dev.switchover.postgres;

import dev.switchover.postgres.BatchSql.Kind;
import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import dev.switchover.storage.spi.Written.Effect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several writes, all or none: one transaction, one round trip for each table they touch (more for very many), one for the
 * commit. Thread-safe.
 */
final class BatchWriter {

    /** More than these ids at once lock the table instead of each id. */
    private static final int LOCKED_ONE_BY_ONE = 256;

    private final Database database;
    private final Names names;
    private final Supplier<Tables> tables;
    private final Supplier<Capabilities> capabilities;
    private final Epochs epochs;
    private final IdSequence idSequence;
    private final JoinedUnits joined;
    private final Beside beside;

    BatchWriter(WriterParts parts) {
        this.database = parts.database();
        this.names = parts.names();
        this.tables = parts.tables();
        this.capabilities = parts.capabilities();
        this.epochs = parts.epochs();
        this.idSequence = parts.idSequence();
        this.joined = parts.joined();
        this.beside = parts.beside();
    }

    List<Written> write(List<Write> writes) {
        for (Write write : writes) {
            epochs.of(write.schema());
        }
        raiseIds(writes);
        List<BatchGroup> groups = BatchGroup.of(writes, tables.get());
        try {
            return write(writes, groups);
        } catch (VersionConflictException e) {
            // What others changed got a version that was taken back with the rest; with one that lasts it can be read
            // and tried again.
            if (!takenIn(groups)) {
                throw e;
            }
            return write(writes, groups);
        }
    }

    private boolean takenIn(List<BatchGroup> groups) {
        boolean any = false;
        for (BatchGroup group : groups) {
            if (group.table().side() != null) {
                group.ids().forEach(id -> beside.takeIn(group.table(), id));
                any = true;
            }
        }
        return any;
    }

    private List<Written> write(List<Write> writes, List<BatchGroup> groups) {
        String collections = String.join(
                ", ",
                writes.stream().map(write -> write.schema().name()).distinct().toList());
        Transaction transaction = Transaction.writing("");
        long unit = 1 + ThreadLocalRandom.current().nextLong(Long.MAX_VALUE - 1);
        return database.transaction(new Subject(collections, null), transaction, connection -> {
            @Nullable Written[] results = new Written[writes.size()];
            Set<Long> units = new TreeSet<>();
            boolean first = true;
            for (BatchGroup group : groups) {
                run(connection, group, results, unit, units, first ? transaction : null);
                first = false;
            }
            joined.join(connection, units);
            return Stream.of(results).map(java.util.Objects::requireNonNull).toList();
        });
    }

    private void raiseIds(List<Write> writes) {
        for (Write write : writes) {
            if (write instanceof Write.Put put) {
                idSequence.behind(put.schema(), put.id());
            }
        }
    }

    /**
     * Runs one group inside a transaction.
     *
     * @param results takes what each write did, at the place it was given
     * @param unit that the marks belong to, or 0
     * @param olderUnits takes those the marks belonged to before
     * @param toName the transaction, if the server is to be asked what it calls it
     */
    void run(
            Connection connection,
            BatchGroup group,
            @Nullable Written[] results,
            long unit,
            Set<Long> units,
            @Nullable Transaction toName)
            throws SQLException {
        RecordTable table = group.table();
        List<@Nullable Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder();
        int skipped = lock(group, sql, parameters) + takeIn(group, sql, parameters);
        if (toName != null) {
            sql.append("SELECT ").append(capabilities.get().transactionName()).append("; ");
        }
        sql.append(BatchSql.write(table, names));
        parameters.add(epochs.of(table.schema()));
        parameters.addAll(group.arrays());
        parameters.add(unit);
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql.toString()), parameters)) {
            statement.execute();
            for (int i = 0; i < skipped; i++) {
                statement.getMoreResults();
            }
            if (toName != null) {
                try (ResultSet name = statement.getResultSet()) {
                    name.next();
                    toName.known(name.getString(1));
                }
                statement.getMoreResults();
            }
            try (ResultSet row = statement.getResultSet()) {
                int rows = 0;
                while (row.next()) {
                    if (!row.getBoolean(BatchSql.OPEN)) {
                        throw epochs.fenced(table.schema(), row.getString(BatchSql.SEEN));
                    }
                    int index = group.indexOf(row.getInt(BatchSql.PLACE));
                    Written written = result(connection, group, row);
                    long joins = written.pending() ? row.getLong(BatchSql.UNIT) : 0;
                    if (joins != 0) {
                        units.add(joins);
                    }
                    boolean replaces = joins != 0 && joins != unit;
                    results[index] = replaces ? written.behind(row.getLong(BatchSql.REPLACED)) : written;
                    rows++;
                }
                if (rows == 0) {
                    throw epochs.fenced(table.schema(), "");
                }
                if (rows != group.size()) {
                    throw new SQLException("The statement answered for " + rows + " of " + group.size() + " writes");
                }
            }
        }
    }

    /** @return how many results come before the next statement's */
    private int lock(BatchGroup group, StringBuilder sql, List<@Nullable Object> parameters) {
        RecordTable table = group.table();
        Integer[] locks = group.ids()
                .map(id -> WriteSql.lockOf(table.idParameter(id)))
                .distinct()
                .sorted()
                .toArray(Integer[]::new);
        if (locks.length == 0) {
            return 0;
        }
        if (locks.length > LOCKED_ONE_BY_ONE || !capabilities.get().advisoryLocks()) {
            sql.append(BatchSql.lockTable(table)).append("; ");
        } else {
            sql.append(BatchSql.lockIds(WriteSql.lockSpace(names, table))).append("; ");
            parameters.add(new Bind.Ints(locks));
        }
        return 1;
    }

    /** @return how many results come before the next statement's */
    private int takeIn(BatchGroup group, StringBuilder sql, List<@Nullable Object> parameters) {
        RecordTable table = group.table();
        if (table.side() == null) {
            return 0;
        }
        sql.append(Beside.takeIn(table, names)).append("; ");
        parameters.add(Bind.Texts.of(group.ids().map(RecordId::text).toList()));
        return 1;
    }

    private Written result(Connection connection, BatchGroup group, ResultSet row) throws SQLException {
        int place = row.getInt(BatchSql.PLACE);
        Write write = group.write(place);
        RecordTable table = group.table();
        RecordId id = table.envelope() ? RecordId.ENVELOPE : new RecordId(row.getString(BatchSql.ID));
        long version = row.getLong(BatchSql.WRITTEN_VERSION);
        long order = row.getLong(BatchSql.WRITTEN_ORDER);
        long found = row.getLong(BatchSql.FOUND);
        boolean pending = row.getBoolean(BatchSql.MARKING) && row.getLong(BatchSql.MARK_VERSION) == version;
        Kind kind = group.kind(place);
        if (kind == Kind.CHECK) {
            expect(group, id, found, group.expected(place));
            return new Written(table.schema(), id, Effect.NOTHING, 0, null, false);
        }
        if (version == 0) {
            long actual = kind == Kind.DELETE && found == 0 ? 0 : stored(connection, table, id);
            expect(group, id, actual, group.expected(place));
            if (kind == Kind.DELETE && actual == 0) {
                return new Written(table.schema(), id, Effect.NOTHING, 0, null, false);
            }
            // Another write came between the snapshot and this one: the expectation holds after all.
            throw new SQLException("The answer was made ambiguous by another write", "40001");
        }
        if (kind == Kind.DELETE) {
            return new Written(table.schema(), id, Effect.DELETED, version, null, pending);
        }
        byte[] body = write instanceof Write.Insert insert
                ? SingleWriter.body(insert, id.text())
                : ((Write.Put) write).body();
        RawRecord record = new RawRecord(
                id,
                version,
                table.envelope() ? 0 : order,
                table.stored(body, id).body());
        if (write instanceof Write.Insert) {
            idSequence.issued(table.schema(), Long.parseLong(id.text()));
        }
        return new Written(
                table.schema(), id, order == version ? Effect.CREATED : Effect.UPDATED, version, record, pending);
    }

    private static void expect(BatchGroup group, RecordId id, long actual, Expected expected) {
        String collection = group.table().schema().name();
        if (expected instanceof Expected.Absent && actual != 0) {
            throw new RecordExistsException(collection, id.text());
        }
        if (expected instanceof Expected.Version wanted && wanted.version() != actual) {
            throw new VersionConflictException(collection, id.text(), wanted.version(), actual);
        }
    }

    private static long stored(Connection connection, RecordTable table, RecordId id) throws SQLException {
        String sql = "SELECT " + RecordTable.VERSION + " FROM " + table.source("r") + " WHERE r." + table.idColumn()
                + " = ?::" + table.idType();
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), table.idParameter(id));
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
