package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.List;
import java.util.function.Function;

/**
 * Triggers on the records' tables that record as pending what others write there while PostgreSQL is the authority. The store works with
 * them and without. Thread-safe.
 */
public final class MarkTriggers {

    private final Database database;
    private final List<CollectionSchema<?, ?>> schemas;
    private final Names names;

    MarkTriggers(Database database, List<CollectionSchema<?, ?>> schemas, Names names) {
        this.database = database;
        this.schemas = schemas;
        this.names = names;
    }

    /** What {@link #create} does, a statement each. */
    public List<String> sql() {
        return schemas.stream()
                .flatMap(schema -> MarkTrigger.create(schema, names).stream())
                .toList();
    }

    /** Creates or replaces them. */
    public void create() {
        each(schema -> MarkTrigger.create(schema, names));
    }

    /** Takes them away, where they are. */
    public void remove() {
        each(schema -> MarkTrigger.drop(schema, names));
    }

    /** A statement a transaction: not every engine takes two that change tables in one. */
    private void each(Function<CollectionSchema<?, ?>, List<String>> statements) {
        for (CollectionSchema<?, ?> schema : schemas) {
            for (String sql : statements.apply(schema)) {
                database.write(new Subject(schema.name(), null), connection -> {
                    Bind.execute(connection, sql);
                    return true;
                });
            }
        }
    }
}
