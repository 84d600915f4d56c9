package dev.switchover.dualwrite.preflight;

import dev.switchover.dualwrite.preflight.Finding.Kind;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.SchemaLook;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordCursor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The database as it is, whether the library has ever been there or not. */
final class DatabaseSide {

    private final PostgresStore store;
    private final @Nullable SchemaLook look;
    private final String failure;

    private DatabaseSide(PostgresStore store, @Nullable SchemaLook look, String failure) {
        this.store = store;
        this.look = look;
        this.failure = failure;
    }

    static DatabaseSide of(PostgresStore store) {
        try {
            return new DatabaseSide(store, store.look(), "");
        } catch (StorageException e) {
            return new DatabaseSide(store, null, String.valueOf(e.getMessage()));
        }
    }

    /** Whether its rows are of no authority: nobody has said yet what they are to the JSON files. */
    boolean hasRowsWithoutLedger(CollectionSchema<?, ?> schema) {
        if (look == null || !look.table(schema).exists()) {
            return false;
        }
        return !look.own().isEmpty() || store.ledger().read(schema).isEmpty();
    }

    /** @param json what the files hold under each id, if that has to be the same; what is equal is taken out */
    void look(CollectionSchema<?, ?> schema, Tally tally, @Nullable Map<RecordId, byte[]> json) {
        if (look == null) {
            tally.accept(finding(schema, Kind.NOT_READ, null, failure));
            return;
        }
        SchemaLook.Table table = look.table(schema);
        for (String problem : table.problems()) {
            tally.accept(finding(schema, Kind.TABLE_MISMATCH, null, problem));
        }
        if (!table.missing().isEmpty()) {
            tally.accept(finding(
                    schema,
                    Kind.TABLE_MISSING,
                    null,
                    (table.exists()
                                    ? "table " + table.name() + " lacks something"
                                    : "table " + table.name() + " is missing")
                            + ": a start with SWITCHOVER_SCHEMA=apply runs "
                            + table.missing().size()
                            + " statements, otherwise it prints them"));
        }
        if (!table.exists()) {
            return;
        }
        if (!table.problems().isEmpty()) {
            tally.accept(finding(
                    schema,
                    Kind.NOT_READ,
                    null,
                    "the rows of table " + table.name() + " were not looked at, for it does not fit"));
            return;
        }
        try {
            envelope(schema, tally);
            rows(schema, tally, json);
        } catch (StorageException e) {
            tally.accept(finding(schema, Kind.NOT_READ, null, String.valueOf(e.getMessage())));
        }
    }

    private void envelope(CollectionSchema<?, ?> schema, Tally tally) {
        if (look != null
                && look.own().isEmpty()
                && schema.definition().jsonLayout().hasEnvelope()) {
            store.find(schema, RecordId.ENVELOPE)
                    .ifPresent(record -> new RecordLook(schema, Store.POSTGRESQL, tally).stored(record));
        }
    }

    private void rows(CollectionSchema<?, ?> schema, Tally tally, @Nullable Map<RecordId, byte[]> json) {
        RecordLook each = new RecordLook(schema, Store.POSTGRESQL, tally);
        boolean any = false;
        try (RecordCursor rows = store.rows(schema)) {
            while (rows.hasNext()) {
                any = true;
                tally.databaseRecord();
                try {
                    RawRecord row = rows.next();
                    each.stored(row);
                    if (json != null) {
                        compare(schema, row, json.remove(row.id()), tally);
                    }
                } catch (InvalidRecordException e) {
                    tally.accept(new Finding(
                            Kind.ROW_UNREADABLE, Store.POSTGRESQL, schema.name(), e.id(), e.path(), e.reason(), null));
                }
            }
        }
        if (any && json != null) {
            json.keySet().forEach(id -> tally.accept(differs(schema, Store.JSON, id, "only JSON has it")));
        }
    }

    private static void compare(CollectionSchema<?, ?> schema, RawRecord row, byte @Nullable [] json, Tally tally) {
        if (json == null) {
            tally.accept(differs(schema, Store.POSTGRESQL, row.id(), "only PostgreSQL has it"));
        } else if (!schema.sameContent(json, row.body())) {
            tally.accept(differs(schema, Store.POSTGRESQL, row.id(), "JSON has it otherwise"));
        }
    }

    private static Finding differs(CollectionSchema<?, ?> schema, Store store, RecordId id, String how) {
        return new Finding(
                Kind.STORES_DIFFER,
                store,
                schema.name(),
                id.text(),
                "",
                how + ", and no ledger says which store is right; say so with SWITCHOVER_ADOPT, or empty one of them",
                null);
    }

    private static Finding finding(CollectionSchema<?, ?> schema, Kind kind, @Nullable String id, String reason) {
        return new Finding(kind, Store.POSTGRESQL, schema.name(), id, "", reason, null);
    }
}
