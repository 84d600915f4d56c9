package dev.switchover.json;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Repository;
import dev.switchover.storage.repository.StandaloneStorage;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordAccess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * JSON files alone, without a database beside them. Thread-safe. Close it: it holds the directory's lock and two threads.
 *
 * <pre>{@code
 * try (JsonStorage storage = JsonStorage.open(Path.of("data"), expenses)) {
 *     storage.repository(expenses).save(new Expense(...));
 * }
 * }</pre>
 */
public final class JsonStorage extends StandaloneStorage {

    private final JsonStore store;

    private JsonStorage(JsonStore store) {
        super(store);
        this.store = store;
    }

    /** Opens the directory with the default settings; see {@link #open(JsonSettings, Collection)}. */
    public static JsonStorage open(Path directory, CollectionDefinition<?, ?>... collections) {
        return open(JsonSettings.of(directory), Arrays.asList(collections));
    }

    /**
     * Takes the directory's lock and recovers what is there; see {@link JsonStore#open}.
     *
     * @throws dev.switchover.storage.StartRefusedException also if the ledger says that another store is in charge
     */
    public static JsonStorage open(
            JsonSettings settings, Collection<? extends CollectionDefinition<?, ?>> collections) {
        List<CollectionSchema<?, ?>> schemas = new ArrayList<>();
        for (CollectionDefinition<?, ?> collection : collections) {
            schemas.add(CollectionSchema.of(collection));
        }
        return new JsonStorage(JsonStore.open(settings, schemas));
    }

    /**
     * Writes everything that has changed into the files, now.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if they cannot be written; nothing is lost
     */
    public void checkpoint() {
        store.checkpoint();
    }

    @Override
    protected <T, ID> Repository<T, ID> newRepository(CollectionSchema<T, ID> schema, RecordAccess access) {
        return new JsonRepository<>(schema, access);
    }
}
