package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.postgres.RecordTable.Stored;
import dev.switchover.postgres.Tables.Forms;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One write in one statement and one round trip; a second trip where the ledger is not as it was last seen, and where nothing was
 * written. Thread-safe.
 */
final class SingleWriter {

    /** How often an answer that another write made ambiguous is asked for again. */
    private static final int AGAIN = 20;

    private final Database database;
    private final Supplier<Tables> tables;
    private final Epochs epochs;
    private final IdSequence idSequence;
    private final Beside beside;
    /** Whether writes are marked as pending, as the ledger was last seen; a belief to begin with, never the decision. */
    private final Map<CollectionSchema<?, ?>, Boolean> marking = new ConcurrentHashMap<>();

    SingleWriter(Database database, Supplier<Tables> tables, Epochs epochs, IdSequence idSequence, Beside beside) {
        this.database = database;
        this.tables = tables;
        this.epochs = epochs;
        this.idSequence = idSequence;
        this.beside = beside;
    }

    /**
     * What a statement saw and did.
     *
     * @param version 0 if nothing was written
     * @param found the version stored before, 0 for none; of an insert, the id made
     * @param unit the unit of work whose mark was replaced, 0 for none
     */
    private record Answer(
            String seen, boolean open, boolean marking, long version, long order, long mark, long found, long unit) {

        /** No row: the ledger has no entry, or it is not as a short form took it to be, or nothing was there to be written. */
        static final Answer NOTHING = new Answer("", false, false, 0, 0, 0, 0, 0);

        boolean wrote() {
            return version != 0;
        }

        boolean pending() {
            return marking && mark == version;
        }

        /** The version of the mark that was replaced is not known. */
        long behind() {
            return unit == 0 ? 0 : version - 1;
        }
    }

    /** Whether writes were marked as pending when this instance last saw the ledger. */
    boolean believesMarking(CollectionSchema<?, ?> schema) {
        return marking.getOrDefault(schema, false);
    }

    Written put(Write.Put write) {
        CollectionSchema<?, ?> schema = write.schema();
        Table table = tables.get().of(schema, write.id());
        long epoch = epochs.of(schema);
        idSequence.behind(schema, write.id());
        Expected expected = write.expected();
        Stored stored = table.shape().stored(write.body(), write.id());
        String id = table.shape().idParameter(write.id());
        boolean replaces = expected instanceof Expected.Version wanted && wanted.version() != 0;
        Long version = expected instanceof Expected.Version wanted && replaces ? wanted.version() : null;
        WriteParameters parameters = new WriteParameters(table.shape(), epoch, id, stored.parameters(), version);
        boolean any = expected instanceof Expected.Any;
        Forms forms = any ? table.statements().put() : table.statements().create();
        for (int attempt = 0; attempt < AGAIN; attempt++) {
            Answer answer = replaces
                    ? ask(
                            schema,
                            write.id(),
                            table.statements().replace(),
                            parameters::shortChange,
                            parameters::fullChange)
                    : ask(schema, write.id(), forms, parameters::shortWrite, () -> parameters.fullWrite(!any));
            if (answer.wrote()) {
                boolean created = answer.order == answer.version;
                long order = table.shape().envelope() ? 0 : answer.order;
                return new Written(
                        schema,
                        write.id(),
                        created ? Effect.CREATED : Effect.UPDATED,
                        answer.version,
                        new RawRecord(write.id(), answer.version, order, stored.body()),
                        answer.pending(),
                        answer.behind());
            }
            if (expected instanceof Expected.Absent) {
                throw new RecordExistsException(schema.name(), write.id().text());
            }
            if (expected instanceof Expected.Version wanted && wanted.version() != answer.found) {
                throw conflict(schema, write.id(), wanted.version(), answer.found);
            }
            takeIn(table, write.id());
        }
        throw busy(schema, write.id());
    }

    Written delete(Write.Delete write) {
        CollectionSchema<?, ?> schema = write.schema();
        Table table = tables.get().of(schema, write.id());
        String id = table.shape().idParameter(write.id());
        Long version = write.expected() instanceof Expected.Version wanted
                ? Long.valueOf(wanted.version())
                : write.expected() instanceof Expected.Absent ? Long.valueOf(0) : null;
        WriteParameters parameters = new WriteParameters(table.shape(), epochs.of(schema), id, new String[0], version);
        Forms forms = version == null
                ? table.statements().delete()
                : table.statements().deleteVersion();
        for (int attempt = 0; attempt < AGAIN; attempt++) {
            Answer answer = ask(schema, write.id(), forms, parameters::shortChange, parameters::fullChange);
            if (answer.wrote()) {
                return new Written(
                        schema, write.id(), Effect.DELETED, answer.version, null, answer.pending(), answer.behind());
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
            takeIn(table, write.id());
        }
        throw busy(schema, write.id());
    }

    Written insert(Write.Insert write) {
        CollectionSchema<?, ?> schema = write.schema();
        Table table = tables.get().records(schema);
        @Nullable
        String[] values = table.shape().document()
                ? new String[] {
                    new String(write.before(), StandardCharsets.UTF_8),
                    new String(write.after(), StandardCharsets.UTF_8)
                }
                : table.shape().parameters(body(write, "0"));
        WriteParameters parameters = new WriteParameters(table.shape(), epochs.of(schema), null, values, null);
        for (int attempt = 0; attempt < AGAIN; attempt++) {
            Answer answer = ask(
                    schema,
                    null,
                    table.statements().insert(),
                    marking -> parameters.shortInsert(),
                    parameters::fullInsert);
            idSequence.issued(schema, answer.found);
            if (answer.wrote()) {
                RecordId id = new RecordId(Long.toString(answer.found));
                byte[] stored = table.shape().stored(body(write, id.text()), id).body();
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

    /** The expected version is there, and yet nothing was written: the row may be one of others that has nothing beside it. */
    private void takeIn(Table table, RecordId id) {
        if (table.shape().side() != null) {
            beside.takeIn(table.shape(), id);
        }
    }

    static byte[] body(Write.Insert write, String id) {
        byte[] digits = id.getBytes(StandardCharsets.US_ASCII);
        byte[] body = new byte[write.before().length + digits.length + write.after().length];
        System.arraycopy(write.before(), 0, body, 0, write.before().length);
        System.arraycopy(digits, 0, body, write.before().length, digits.length);
        System.arraycopy(write.after(), 0, body, write.before().length + digits.length, write.after().length);
        return body;
    }

    /** The short form as the ledger was last seen, and where that wrote nothing, the long one. */
    private Answer ask(
            CollectionSchema<?, ?> schema,
            @Nullable RecordId id,
            Forms forms,
            Function<Boolean, List<@Nullable Object>> shortParameters,
            Supplier<List<@Nullable Object>> fullParameters) {
        Subject subject = new Subject(schema.name(), id == null ? null : id.text());
        boolean believed = believesMarking(schema);
        String shortForm = believed ? forms.marked() : forms.unmarked();
        if (shortForm != null) {
            Answer answer = askShort(subject, shortForm, shortParameters.apply(believed), believed, id == null);
            if (answer.wrote()) {
                return answer;
            }
        }
        Answer answer = askFull(subject, forms.full(), fullParameters.get());
        if (!answer.open) {
            throw epochs.fenced(schema, answer.seen);
        }
        marking.put(schema, answer.marking);
        return answer;
    }

    private Answer askShort(
            Subject subject, String sql, List<@Nullable Object> parameters, boolean believed, boolean inserts) {
        return database.write(subject, connection -> {
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), parameters);
                    ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Answer.NOTHING;
                }
                long version = row.getLong(ShortWriteSql.WRITTEN_VERSION);
                return new Answer(
                        "",
                        true,
                        believed,
                        version,
                        row.getLong(ShortWriteSql.WRITTEN_ORDER),
                        version,
                        inserts ? row.getLong(ShortWriteSql.MADE_ID) : 0,
                        believed && !inserts ? row.getLong(ShortWriteSql.MARK_UNIT) : 0);
            }
        });
    }

    private Answer askFull(Subject subject, String sql, List<@Nullable Object> parameters) {
        return database.write(subject, connection -> {
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), parameters);
                    ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Answer.NOTHING;
                }
                boolean open = row.getBoolean(WriteSql.OPEN);
                return new Answer(
                        open ? "" : seen(row),
                        open,
                        row.getBoolean(WriteSql.MARKING),
                        row.getLong(WriteSql.WRITTEN_VERSION),
                        row.getLong(WriteSql.WRITTEN_ORDER),
                        row.getLong(WriteSql.MARK_VERSION),
                        row.getLong(WriteSql.FOUND),
                        row.getLong(WriteSql.MARK_UNIT));
            }
        });
    }

    private static String seen(ResultSet row) throws SQLException {
        return row.getString(WriteSql.STATE) + ", epoch " + row.getLong(WriteSql.EPOCH)
                + (row.getBoolean(WriteSql.CONFIRMED) ? "" : ", not confirmed");
    }

    private static VersionConflictException conflict(
            CollectionSchema<?, ?> schema, RecordId id, long expected, long actual) {
        return new VersionConflictException(schema.name(), id.text(), expected, actual);
    }

    private static StoreUnavailableException busy(CollectionSchema<?, ?> schema, @Nullable RecordId id) {
        return new StoreUnavailableException(
                Store.POSTGRESQL,
                "Record " + (id == null ? "(new)" : id) + " in " + schema.name()
                        + " changed again and again while it was written; nothing was written, try again",
                null);
    }
}
