package dev.switchover.postgres;

import dev.switchover.postgres.CombinedCalls.Bounds;
import dev.switchover.postgres.Database.Subject;
import dev.switchover.postgres.RecordTable.Stored;
import dev.switchover.postgres.Tables.Table;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.GroupCommitListener;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import dev.switchover.storage.spi.Written.Effect;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts of different callers at the same time, sent in one statement and committed once. Each succeeds or fails alone: what the
 * statement did not write, because of a lock, a refusal of any of them or the ledger, {@link SingleWriter} writes or refuses, for
 * each caller on its own thread. A caller with nobody beside it never gets here. Thread-safe.
 */
final class CombinedWriter {

    /** Until there is a crowd so many callers have a lane each, and nobody waits. */
    private static final int LANES = 4;

    /** So many carried out together are one. */
    private static final int CROWD = 4;

    /**
     * Nearer than this, statements at once take longer by waiting for each other's commits and processors than they save; across a
     * network they save round trips. Measured: beside the server one lane does 1.3 times as much as four, 0.25 ms away 0.8.
     */
    private static final Duration NEAR = Duration.ofNanos(150_000);

    /** In line: long beside a commit and short beside the 10 s in which every call ends. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    /** After which the server is asked to give up; then each is written alone. A lock no id's lock stands for may be in the way. */
    private static final int PATIENCE_SECONDS = 1;

    private final Database database;
    private final Supplier<Tables> tables;
    private final Supplier<Capabilities> capabilities;
    private final Epochs epochs;
    private final IdSequence idSequence;
    private final Continuity continuity;
    private final SingleWriter single;
    private final Map<CollectionSchema<?, ?>, CombinedCalls<Call, Written>> lines = new ConcurrentHashMap<>();
    private final AtomicLong combined = new AtomicLong();
    private volatile @Nullable GroupCommitListener listener;

    CombinedWriter(WriterParts parts, SingleWriter single) {
        this.database = parts.database();
        this.tables = parts.tables();
        this.capabilities = parts.capabilities();
        this.epochs = parts.epochs();
        this.idSequence = parts.idSequence();
        this.continuity = parts.continuity();
        this.single = single;
    }

    private record Call(Write.Put write, Stored stored) {}

    /** How many writes were carried out together with others. */
    long count() {
        return combined.get();
    }

    /** @param next null for nobody */
    void onGroupCommit(@Nullable GroupCommitListener next) {
        listener = next;
    }

    Written put(Write.Put write) {
        Table table = tables.get().of(write.schema(), write.id());
        if (table.statements().combined() == null || !(write.expected() instanceof Expected.Any)) {
            return single.put(write);
        }
        return lines.computeIfAbsent(write.schema(), this::line)
                .call(() -> call(table.shape(), write), () -> single.put(write));
    }

    /** What a caller does for its own write before others may carry it out. */
    private Call call(RecordTable shape, Write.Put write) {
        epochs.of(write.schema());
        idSequence.behind(write.schema(), write.id());
        return new Call(write, shape.stored(write.body(), write.id()));
    }

    private CombinedCalls<Call, Written> line(CollectionSchema<?, ?> schema) {
        boolean near = capabilities.get().roundTrip().compareTo(NEAR) < 0;
        return new CombinedCalls<>(
                new Bounds(LANES, CROWD, near ? 1 : LANES, PATIENCE, 64, 1 << 20),
                call -> call.write.id(),
                call -> call.write.body().length,
                calls -> together(schema, calls),
                CombinedWriter::failureOfOthers,
                System::nanoTime);
    }

    /** Each caller gets an exception of its own. Null where nothing was sent: then each finds out by itself. */
    private static @Nullable RuntimeException failureOfOthers(RuntimeException failure) {
        if (failure instanceof StoreUnavailableException unavailable) {
            return new StoreUnavailableException(
                    unavailable.store(), "PostgreSQL is not reachable", unavailable.reason(), unavailable.getCause());
        }
        if (failure instanceof UnknownOutcomeException unknown) {
            return new UnknownOutcomeException(String.valueOf(unknown.getMessage()), unknown.getCause());
        }
        return failure instanceof StorageException
                ? null
                : new UnknownOutcomeException(
                        "Several writes were sent at once and their answer was not understood. Read the record to find out",
                        failure);
    }

    private List<@Nullable Written> together(CollectionSchema<?, ?> schema, List<Call> calls) {
        Table table = tables.get().records(schema);
        Tables.Combined forms = table.statements().combined();
        if (forms == null) {
            return Collections.nCopies(calls.size(), null);
        }
        boolean marking = single.believesMarking(schema);
        long before = continuity.before(schema);
        List<@Nullable Object> parameters = parameters(table.shape(), calls);
        parameters.add(epochs.of(schema));
        Map<String, Written> written = database.write(new Subject(schema.name(), null), connection -> {
            try (PreparedStatement statement =
                    Bind.all(connection.prepareStatement(marking ? forms.marked() : forms.unmarked()), parameters)) {
                statement.setQueryTimeout(PATIENCE_SECONDS);
                try (ResultSet row = answer(statement)) {
                    return row == null ? Map.of() : written(schema, calls, row, marking);
                }
            }
        });
        combined.addAndGet(written.size());
        tell(before, written.values());
        List<@Nullable Written> results = new ArrayList<>(calls.size());
        calls.forEach(call -> results.add(written.get(call.write.id().text())));
        return results;
    }

    /** Not of what went into an older copy: each caller finds that out, and nobody is to carry it on. */
    private void tell(long before, Collection<Written> written) {
        GroupCommitListener to = listener;
        if (to != null && written.stream().allMatch(one -> one.version() > before)) {
            to.committed(List.copyOf(written));
        }
    }

    /** Null if the server rolled all of it back, be it because of one of them. */
    private static @Nullable ResultSet answer(PreparedStatement statement) throws SQLException {
        try {
            return statement.executeQuery();
        } catch (SQLException e) {
            if (SqlFailure.of(e).kind() == SqlFailure.Kind.LOST) {
                throw e;
            }
            return null;
        }
    }

    private static List<@Nullable Object> parameters(RecordTable shape, List<Call> calls) {
        int width = shape.values().size();
        @Nullable String[] ids = new String[calls.size()];
        Integer[] locks = new Integer[calls.size()];
        @Nullable String[][] cells = new String[width][calls.size()];
        for (int i = 0; i < ids.length; i++) {
            String id = shape.idParameter(calls.get(i).write.id());
            ids[i] = id;
            locks[i] = WriteSql.lockOf(id);
            @Nullable String[] row = calls.get(i).stored.parameters();
            for (int c = 0; c < width; c++) {
                cells[c][i] = row[c];
            }
        }
        List<@Nullable Object> parameters = new ArrayList<>(width + 3);
        parameters.add(new Bind.Texts(ids));
        parameters.add(new Bind.Ints(locks));
        for (@Nullable String[] column : cells) {
            parameters.add(new Bind.Texts(column));
        }
        return parameters;
    }

    /** By id, those that were written. */
    private static Map<String, Written> written(
            CollectionSchema<?, ?> schema, List<Call> calls, ResultSet row, boolean marking) throws SQLException {
        Map<String, Call> byId = new HashMap<>();
        calls.forEach(call -> byId.put(call.write.id().text(), call));
        Map<String, Written> written = new HashMap<>();
        while (row.next()) {
            String id = row.getString(CombinedWriteSql.ID);
            Call call = byId.get(id);
            if (call == null) {
                throw new IllegalStateException(
                        "PostgreSQL answered for a record of " + schema.name() + " nobody wrote");
            }
            long version = row.getLong(CombinedWriteSql.WRITTEN_VERSION);
            long order = row.getLong(CombinedWriteSql.WRITTEN_ORDER);
            long unit = marking ? row.getLong(CombinedWriteSql.MARK_UNIT) : 0;
            written.put(
                    id,
                    new Written(
                            schema,
                            call.write.id(),
                            order == version ? Effect.CREATED : Effect.UPDATED,
                            version,
                            new RawRecord(call.write.id(), version, order, call.stored.body()),
                            marking,
                            unit == 0 ? 0 : version - 1));
        }
        return written;
    }
}
