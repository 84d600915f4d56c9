package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.postgres.QuerySql.Statement;
import dev.switchover.storage.Query;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordCursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads records. Thread-safe. */
final class RecordReader {

    private final Database database;
    private final Supplier<Tables> tables;
    private final PostgresSettings settings;
    private final Names names;

    RecordReader(Database database, Names names, Supplier<Tables> tables, PostgresSettings settings) {
        this.names = names;
        this.database = database;
        this.tables = tables;
        this.settings = settings;
    }

    Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        Tables.Table table = tables.get().of(schema, id);
        RecordTable shape = table.shape();
        String parameter = shape.idParameter(id);
        return database.read(new Subject(schema.name(), id.text()), connection -> {
            try (PreparedStatement statement = Bind.all(
                            connection.prepareStatement(table.statements().find()), parameter);
                    ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.ofNullable(shape.read(row, 1)) : Optional.empty();
            }
        });
    }

    List<RawRecord> list(CollectionSchema<?, ?> schema, Query query) {
        RecordTable shape = tables.get().records(schema).shape();
        Statement sql = QuerySql.select(shape, names, query);
        return database.read(new Subject(schema.name(), null), connection -> {
            List<RawRecord> records = new ArrayList<>();
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql.text()), sql.parameters());
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    records.add(java.util.Objects.requireNonNull(shape.read(row, 1)));
                }
            }
            return records;
        });
    }

    long count(CollectionSchema<?, ?> schema, Query query) {
        Statement sql = QuerySql.count(tables.get().records(schema).shape(), names, query);
        return number(schema, sql);
    }

    /** The table that holds the records. */
    RecordTable table(CollectionSchema<?, ?> schema) {
        return tables.get().records(schema).shape();
    }

    boolean any(CollectionSchema<?, ?> schema) {
        String sql = "SELECT count(*) FROM (SELECT 1 FROM "
                + tables.get().records(schema).shape().name() + " LIMIT 1) one";
        return number(schema, new Statement(sql, List.of())) > 0;
    }

    private long number(CollectionSchema<?, ?> schema, Statement sql) {
        return database.read(new Subject(schema.name(), null), connection -> {
            try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql.text()), sql.parameters());
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    RecordCursor stream(CollectionSchema<?, ?> schema, Query query) {
        RecordTable shape = table(schema);
        return BulkCursor.open(
                database, settings, schema, List.of(new SqlRows.Part(shape, QuerySql.select(shape, names, query))));
    }

    /** The envelope, then everything in id order. */
    RecordCursor scan(CollectionSchema<?, ?> schema) {
        return BulkCursor.open(database, settings, schema, connection -> {
            RawRecord first = envelope(connection, schema);
            return RecordCopy.byId(connection, table(schema), settings.bulkTimeout(), first);
        });
    }

    /** The same with empty bodies, but for the envelope's, and in no order: to sort them would take longer than to read them. */
    RecordCursor scanVersions(CollectionSchema<?, ?> schema) {
        return BulkCursor.open(
                database,
                settings,
                schema,
                connection -> VersionCopy.open(connection, table(schema), envelope(connection, schema)));
    }

    private @Nullable RawRecord envelope(Connection connection, CollectionSchema<?, ?> schema) throws SQLException {
        try (SqlRows found = SqlRows.open(connection, schema, envelope(schema))) {
            return found.hasNext() ? found.next() : null;
        }
    }

    /** What {@link #scan} gives, by statements that leave the connection free for others between two rows. */
    List<SqlRows.Part> everything(CollectionSchema<?, ?> schema) {
        List<SqlRows.Part> parts = envelope(schema);
        RecordTable shape = table(schema);
        parts.add(new SqlRows.Part(shape, new Statement(inIdOrder(shape, shape.selected("r")), List.of())));
        return parts;
    }

    private static String inIdOrder(RecordTable shape, String selected) {
        return "SELECT " + selected + " FROM " + shape.source("r") + " ORDER BY " + byId(shape);
    }

    /** Of the rows {@code r}. */
    static String byId(RecordTable shape) {
        return "r." + shape.idColumn() + (shape.textId() ? " COLLATE \"C\"" : "");
    }

    private List<SqlRows.Part> envelope(CollectionSchema<?, ?> schema) {
        List<SqlRows.Part> parts = new ArrayList<>();
        Tables.Table envelope = tables.get().envelope(schema);
        if (envelope != null) {
            RecordTable shape = envelope.shape();
            parts.add(new SqlRows.Part(
                    shape, new Statement(envelope.statements().find(), List.of(shape.idParameter(RecordId.ENVELOPE)))));
        }
        return parts;
    }
}
