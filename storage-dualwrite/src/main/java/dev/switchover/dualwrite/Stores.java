package dev.switchover.dualwrite;

import dev.switchover.dualwrite.view.FilesView;
import dev.switchover.json.DirectoryLockedException;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.json.ReadOnlyJsonStore;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two stores of a storage: the database if one is configured, and the directory while this process holds it. */
final class Stores implements AutoCloseable {

    private final JsonSettings jsonSettings;
    private final List<CollectionSchema<?, ?>> schemas;
    private final @Nullable PostgresStore postgres;
    private final JsonCopy jsonCopy;
    private volatile @Nullable JsonStore json;
    private volatile boolean directory;

    /** @param directory whether there is one at all */
    Stores(
            JsonSettings jsonSettings,
            List<CollectionSchema<?, ?>> schemas,
            @Nullable PostgresStore postgres,
            boolean directory) {
        this.directory = directory;
        this.jsonSettings = jsonSettings;
        this.schemas = List.copyOf(schemas);
        this.postgres = postgres;
        this.jsonCopy = new JsonCopy(() -> json, new FilesView(jsonSettings, schemas)::now);
    }

    /** From now on there is no directory: JSON was retired. */
    void withoutDirectory() {
        directory = false;
    }

    boolean hasDirectory() {
        return directory;
    }

    /** The files as they are now, without the lock. */
    ReadOnlyJsonStore readJson() {
        return JsonStore.openReadOnly(jsonSettings, schemas);
    }

    List<CollectionSchema<?, ?>> schemas() {
        return schemas;
    }

    /**
     * Takes the directory's lock and opens the store, unless this process has it already.
     *
     * @throws DirectoryLockedException if another process has it
     */
    JsonStore holdJson() {
        return holdJson(null);
    }

    /** @param before the files as they were looked at just now, if they were; see {@link JsonStore#open} */
    synchronized JsonStore holdJson(@Nullable ReadOnlyJsonStore before) {
        JsonStore held = json;
        if (held == null && !directory) {
            throw new StoreUnavailableException(Store.JSON, "There is no JSON directory", null);
        }
        if (held == null) {
            held = before == null
                    ? JsonStore.open(jsonSettings, schemas)
                    : JsonStore.open(jsonSettings, schemas, before);
            json = held;
        }
        return held;
    }

    /**
     * The directory, unknown to everybody else in this process: no request is begun on it. It is to be closed soon, or {@linkplain
     * #hold held}.
     *
     * @throws DirectoryLockedException if another process has it, or this one
     */
    JsonStore openJson() {
        return JsonStore.open(jsonSettings, schemas);
    }

    /** From now on it is what this process holds; not to be closed by whoever opened it. */
    synchronized void hold(JsonStore opened) {
        json = opened;
    }

    /** Writes a last checkpoint and lets go of the directory. */
    synchronized void releaseJson() {
        JsonStore held = json;
        json = null;
        if (held != null) {
            held.close();
        }
    }

    @Nullable
    JsonStore heldJson() {
        return json;
    }

    RecordStore json() {
        JsonStore held = json;
        if (held == null) {
            throw new StoreUnavailableException(
                    Store.JSON, "Another process has the directory now; send the request there", null);
        }
        return held;
    }

    @Nullable
    PostgresStore configuredPostgres() {
        return postgres;
    }

    RecordStore postgres() {
        if (postgres == null) {
            throw new IllegalStateException("no database is configured");
        }
        return postgres;
    }

    JsonCopy jsonCopy() {
        return jsonCopy;
    }

    @Override
    public void close() {
        try {
            releaseJson();
        } finally {
            if (postgres != null) {
                postgres.close();
            }
        }
    }
}
