package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tables of a store's collections, each with its statements. Immutable and thread-safe. */
final class Tables {

    /** @param statements made anew when it is known what the server can do */
    record Table(RecordTable shape, Statements statements) {}

    /**
     * One kind of write: two short forms, of which the writer takes the one it believes in, and the long form, which knows. The
     * short ones are missing where the server has no advisory locks, and for a table that is not ours.
     */
    record Forms(@Nullable String unmarked, @Nullable String marked, String full) {}

    /** Puts of several callers in one statement, as {@link CombinedWriteSql} has them. */
    record Combined(String unmarked, String marked) {}

    /** The texts of {@link WriteSql}, made once: the driver knows a prepared statement again by its text. */
    record Statements(
            String find,
            Forms put,
            Forms create,
            Forms replace,
            Forms delete,
            Forms deleteVersion,
            Forms insert,
            @Nullable Combined combined,
            MirrorSql mirror) {

        static Statements of(RecordTable shape, Names names, boolean advisoryLocks) {
            WriteSql full = new WriteSql(shape, names, advisoryLocks);
            boolean shortly = advisoryLocks && shape.side() == null;
            ShortWriteSql unmarked = shortly ? new ShortWriteSql(shape, names, false) : null;
            ShortWriteSql marked = shortly ? new ShortWriteSql(shape, names, true) : null;
            return new Statements(
                    full.find(),
                    forms(unmarked, marked, ShortWriteSql::put, full.put()),
                    forms(unmarked, marked, ShortWriteSql::create, full.create()),
                    forms(unmarked, marked, ShortWriteSql::replace, full.replace()),
                    forms(unmarked, marked, ShortWriteSql::delete, full.delete()),
                    forms(unmarked, marked, ShortWriteSql::deleteVersion, full.deleteVersion()),
                    forms(unmarked, marked, ShortWriteSql::insert, full.insert()),
                    shortly && !shape.envelope()
                            ? new Combined(
                                    CombinedWriteSql.put(shape, names, false), CombinedWriteSql.put(shape, names, true))
                            : null,
                    MirrorSql.of(shape, names));
        }

        private static Forms forms(
                @Nullable ShortWriteSql unmarked,
                @Nullable ShortWriteSql marked,
                Function<ShortWriteSql, String> kind,
                String full) {
            return new Forms(
                    unmarked == null ? null : kind.apply(unmarked), marked == null ? null : kind.apply(marked), full);
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
        return new Table(shape, Statements.of(shape, names, capabilities.advisoryLocks()));
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
