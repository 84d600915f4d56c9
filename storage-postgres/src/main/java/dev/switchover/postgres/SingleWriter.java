package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.postgres.Tables.Table;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import dev.switchover.storage.spi.Written.Effect;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One write in one statement and one round trip. Thread-safe. */
final class SingleWriter {

    /** How often an answer that another write made ambiguous is asked for again. */
    private static final int AGAIN = 20;

    private final Database database;
    private final Supplier<Tables> tables;
    private final Epochs epochs;
    private final IdSequence idSequence;

    SingleWriter(Database database, Supplier<Tables> tables, Epochs epochs, IdSequence idSequence) {
        this.database = database;
        this.tables = tables;
        this.epochs = epochs;
        this.idSequence = idSequence;
    }

    /**
     * What a statement saw and did.
     *
     * @param version 0 if nothing was written
     * @param found the version stored before, 0 for none; of an insert, the id made
     */
    private record Answer(String seen, boolean open, boolean marking, long version, long order, long mark, long found) {

        static final Answer NO_ENTRY = new Answer("", false, false, 0, 0, 0, 0);

        boolean wrote() {
            return version != 0;
        }

        boolean pending() {
            return marking && mark == version;
        }
    }

    Written put(Write.Put write) {
        CollectionSchema<?, ?> schema = write.schema();
        Table table = tables.get().of(schema, write.id());
        epochs.of(schema);
        idSequence.behind(schema, write.id());
        Expected expected = write.expected();
        @Nullable String[] values = table.shape().parameters(write.body());
        String id = table.shape().idParameter(write.id());
        for (int attempt = 0; attempt < AGAIN; attempt++) {
            Answer answer = put(table, write, values, id);
            if (answer.wrote()) {
                boolean created = answer.order == answer.version;
                byte[] stored = table.shape().stored(write.body(), write.id());
                long order = table.shape().envelope() ? 0 : answer.order;
                return new Written(
                        schema,
                        write.id(),
                        created ? Effect.CREATED : Effect.UPDATED,
                        answer.version,
                        new RawRecord(write.id(), answer.version, order, stored),
                        answer.pending());
            }
            if (expected instanceof Expected.Absent) {
                throw new RecordExistsException(schema.name(), write.id().text());
            }
            if (expected instanceof Expected.Version wanted && wanted.version() != answer.found) {
                throw conflict(schema, write.id(), wanted.version(), answer.found);
            }
        }
        throw busy(schema, write.id());
    }

    private Answer put(Table table, Write.Put write, @Nullable String[] values, String id) {
        List<@Nullable Object> parameters = new ArrayList<>();
        Expected expected = write.expected();
        boolean replaces = expected instanceof Expected.Version wanted && wanted.version() != 0;
        parameters.add(epochs.of(write.schema()));
        parameters.add(WriteSql.lockOf(id));
        if (!replaces) {
            parameters.add(id);
        }
        for (String value : values) {
            parameters.add(value);
        }
        if (expected instanceof Expected.Version wanted && replaces) {
            parameters.add(id);
            parameters.add(wanted.version());
        }
        if (!table.shape().envelope()) {
            parameters.add(id);
        }
        String sql;
        if (expected instanceof Expected.Any) {
            sql = table.statements().put();
        } else {
            parameters.add(id);
            sql = replaces ? table.statements().replace() : table.statements().create();
        }
        return ask(write.schema(), write.id(), sql, parameters);
    }

    Written delete(Write.Delete write) {
        CollectionSchema<?, ?> schema = write.schema();
        Table table = tables.get().of(schema, write.id());
        String id = table.shape().idParameter(write.id());
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(epochs.of(schema));
        parameters.add(WriteSql.lockOf(id));
        parameters.add(id);
        String sql = table.statements().delete();
        if (write.expected() instanceof Expected.Version wanted) {
            parameters.add(wanted.version());
            sql = table.statements().deleteVersion();
        } else if (write.expected() instanceof Expected.Absent) {
            parameters.add(0L);
            sql = table.statements().deleteVersion();
        }
        if (!table.shape().envelope()) {
            parameters.add(id);
        }
        parameters.add(id);
        for (int attempt = 0; attempt < AGAIN; attempt++) {
            Answer answer = ask(schema, write.id(), sql, parameters);
            if (answer.wrote()) {
                return new Written(schema, write.id(), Effect.DELETED, answer.version, null, answer.pending());
            }
            if (write.expected() instanceof Expected.Version wanted && wanted.version() != answer.found) {
                throw conflict(schema, write.id(), wanted.version(), answer.found);
            }
            if (write.expected() instanceof Expected.Absent && answer.found != 0) {
                throw new RecordExistsException(schema.name(), write.id().text());
            }
            if (answer.found == 0) {
                return new Written(schema, write.id(), Effect.NOTHING, 0, null, false);
            }
        }
        throw busy(schema, write.id());
    }

    Written insert(Write.Insert write) {
        CollectionSchema<?, ?> schema = write.schema();
        Table table = tables.get().records(schema);
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(epochs.of(schema));
        if (table.shape().document()) {
            parameters.add(new String(write.before(), StandardCharsets.UTF_8));
            parameters.add(new String(write.after(), StandardCharsets.UTF_8));
        } else {
            for (String value : table.shape().parameters(body(write, "0"))) {
                parameters.add(value);
            }
        }
        for (int attempt = 0; attempt < AGAIN; attempt++) {
            Answer answer = ask(schema, null, table.statements().insert(), parameters);
            idSequence.issued(schema, answer.found);
            if (answer.wrote()) {
                RecordId id = new RecordId(Long.toString(answer.found));
                byte[] stored = table.shape().stored(body(write, id.text()), id);
                return new Written(
                        schema,
                        id,
                        Effect.CREATED,
                        answer.version,
                        new RawRecord(id, answer.version, answer.order, stored),
                        answer.pending());
            }
            idSequence.behindStored(schema);
        }
        throw busy(schema, null);
    }

    static byte[] body(Write.Insert write, String id) {
        byte[] digits = id.getBytes(StandardCharsets.US_ASCII);
        byte[] body = new byte[write.before().length + digits.length + write.after().length];
        System.arraycopy(write.before(), 0, body, 0, write.before().length);
        System.arraycopy(digits, 0, body, write.before().length, digits.length);
        System.arraycopy(write.after(), 0, body, write.before().length + digits.length, write.after().length);
        return body;
    }

    private Answer ask(
            CollectionSchema<?, ?> schema, @Nullable RecordId id, String sql, List<@Nullable Object> parameters) {
        Subject subject = new Subject(schema.name(), id == null ? null : id.toString());
        Answer answer = database.write(subject, connection -> {
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), parameters);
                    ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Answer.NO_ENTRY;
                }
                boolean open = row.getBoolean(WriteSql.OPEN);
                return new Answer(
                        open ? "" : seen(row),
                        open,
                        row.getBoolean(WriteSql.MARKING),
                        row.getLong(WriteSql.WRITTEN_VERSION),
                        row.getLong(WriteSql.WRITTEN_ORDER),
                        row.getLong(WriteSql.MARK_VERSION),
                        row.getLong(WriteSql.FOUND));
            }
        });
        if (!answer.open) {
            throw epochs.fenced(schema, answer.seen);
        }
        return answer;
    }

    private static String seen(ResultSet row) throws SQLException {
        return row.getString(WriteSql.STATE) + ", epoch " + row.getLong(WriteSql.EPOCH)
                + (row.getBoolean(WriteSql.CONFIRMED) ? "" : ", not confirmed");
    }

    private static VersionConflictException conflict(
            CollectionSchema<?, ?> schema, RecordId id, long expected, long actual) {
        return new VersionConflictException(schema.name(), id.toString(), expected, actual);
    }

    private static StoreUnavailableException busy(CollectionSchema<?, ?> schema, @Nullable RecordId id) {
        return new StoreUnavailableException(
                Store.POSTGRESQL,
                "Record " + (id == null ? "(new)" : id) + " in " + schema.name()
                        + " changed again and again while it was written; nothing was written, try again",
                null);
    }
}
