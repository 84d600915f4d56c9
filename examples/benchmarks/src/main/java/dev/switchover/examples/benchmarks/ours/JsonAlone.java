package dev.switchover.examples.benchmarks.ours;

import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.json.JsonStorage;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Repository;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON store called directly, without flags, phases and a router. */
public final class JsonAlone implements EntryStore {

    public static final String NAME = "the JSON store itself";

    private final JsonStorage storage;
    private final Repository<Entry, Long> entries;

    private JsonAlone(JsonStorage storage, CollectionDefinition<Entry, Long> definition) {
        this.storage = storage;
        this.entries = storage.repository(definition);
    }

    public static JsonAlone open(Path directory) {
        CollectionDefinition<Entry, Long> definition =
                CollectionDefinition.of("entries", Entry.class, Long.class).build();
        return new JsonAlone(JsonStorage.open(directory, definition), definition);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(List<Entry> all) {
        entries.saveAll(all);
    }

    @Override
    public void save(Entry entry) {
        entries.save(entry);
    }

    @Override
    public @Nullable Entry find(long id) {
        return entries.findById(id).orElse(null);
    }

    @Override
    public void close() {
        storage.close();
    }
}
