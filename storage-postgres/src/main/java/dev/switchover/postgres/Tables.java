package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of a store's collections, each with its statements. Immutable and thread-safe. */
final class Tables {

    /** @param sql made anew when it is known what the server can do */
    record Table(RecordTable shape, WriteSql sql, Statements statements) {}

    /** The texts of {@link WriteSql}, made once: the driver knows a prepared statement again by its text. */
    record Statements(
            String find,
            String put,
            String create,
            String replace,
            String delete,
            String deleteVersion,
            String insert) {
        static Statements of(WriteSql sql) {
            return new Statements(
                    sql.find(),
                    sql.put(),
                    sql.create(),
                    sql.replace(),
                    sql.delete(),
                    sql.deleteVersion(),
                    sql.insert());
        }
    }

    private final Map<CollectionSchema<?, ?>, Table> records = new LinkedHashMap<>();
    private final Map<CollectionSchema<?, ?>, Table> envelopes = new LinkedHashMap<>();

    Tables(List<CollectionSchema<?, ?>> schemas, Names names, Capabilities capabilities) {
        for (CollectionSchema<?, ?> schema : schemas) {
            records.put(schema, table(RecordTable.of(schema, names), names, capabilities));
            if (schema.definition().jsonLayout().hasEnvelope()) {
                envelopes.put(schema, table(RecordTable.envelopeOf(schema, names), names, capabilities));
            }
        }
    }

    private static Table table(RecordTable shape, Names names, Capabilities capabilities) {
        WriteSql sql = new WriteSql(shape, names, capabilities.advisoryLocks());
        return new Table(shape, sql, Statements.of(sql));
    }

    Table of(CollectionSchema<?, ?> schema, RecordId id) {
        return id.isEnvelope() ? known(envelopes.get(schema), schema) : records(schema);
    }

    Table records(CollectionSchema<?, ?> schema) {
        return known(records.get(schema), schema);
    }

    /** Null if the collection has none. */
    @Nullable
    Table envelope(CollectionSchema<?, ?> schema) {
        return envelopes.get(schema);
    }

    private static Table known(@Nullable Table table, CollectionSchema<?, ?> schema) {
        if (table == null) {
            throw new IllegalArgumentException(
                    "The store was not opened with " + schema.name() + ", or it has no envelope");
        }
        return table;
    }
}
