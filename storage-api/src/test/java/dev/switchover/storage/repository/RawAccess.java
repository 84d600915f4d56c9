package dev.switchover.storage.repository;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Storage;
import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.Write;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The raw records behind an open storage, for tests: what a file or a mirror would bring in, and what is really stored. */
public final class RawAccess {

    private final RecordStorage storage;

    private RawAccess(RecordStorage storage) {
        this.storage = storage;
    }

    public static RawAccess of(Storage storage) {
        if (storage instanceof RecordStorage records) {
            return new RawAccess(records);
        }
        throw new IllegalArgumentException("The contract reads raw records through RecordStorage; "
                + storage.getClass().getName() + " does not extend it");
    }

    public RecordAccess access() {
        return storage.access;
    }

    public <T, ID> CollectionSchema<T, ID> schema(CollectionDefinition<T, ID> definition) {
        return storage.schema(definition);
    }

    /** Checks and stores a text as it is. */
    public void put(CollectionDefinition<?, ?> definition, String json) {
        CollectionSchema<?, ?> schema = storage.schema(definition);
        CheckedRecord checked = schema.check(json.getBytes(StandardCharsets.UTF_8), null);
        RecordId id = checked.id();
        if (id == null) {
            throw new IllegalArgumentException("The text has no id");
        }
        storage.access.write(List.of(new Write.Put(schema, id, checked.body(), Expected.ANY)));
    }

    /** The text that is stored. */
    public String text(CollectionDefinition<?, ?> definition, String id) {
        return storage.access
                .find(storage.schema(definition), new RecordId(id))
                .map(raw -> new String(raw.body(), StandardCharsets.UTF_8))
                .orElseThrow(() -> new AssertionError("no record " + id));
    }
}
