package dev.switchover.examples.benchmarks.ours;

import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStorage;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Repository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON store called directly, without flags, phases and a router. */
public final class JsonAlone implements EntryStore {

    public static final String NAME = "the JSON store itself";

    private static final int LOADED_AT_ONCE = 1_000;

    private final JsonStorage storage;
    private final Repository<Entry, Long> entries;

    private JsonAlone(JsonStorage storage, CollectionDefinition<Entry, Long> definition) {
        this.storage = storage;
        this.entries = storage.repository(definition);
    }

    public static JsonAlone open(Path directory) {
        return open(JsonSettings.of(directory));
    }

    /** One whose file is written when {@link #checkpoint} is called, and at no other time but the end. */
    public static JsonAlone openWithoutCheckpoints(Path directory) {
        Duration never = Duration.ofDays(1);
        return open(JsonSettings.of(directory)
                .withMaximumStaleness(never)
                .withCheckpointDelay(never)
                .withJournalLimit(1L << 40));
    }

    private static JsonAlone open(JsonSettings settings) {
        CollectionDefinition<Entry, Long> definition =
                CollectionDefinition.of("entries", Entry.class, Long.class).build();
        return new JsonAlone(JsonStorage.open(settings, List.of(definition)), definition);
    }

    /** Writes the file; returns when it is on the disk. */
    public void checkpoint() {
        storage.checkpoint();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(List<Entry> all) {
        for (int from = 0; from < all.size(); from += LOADED_AT_ONCE) {
            entries.saveAll(all.subList(from, Math.min(all.size(), from + LOADED_AT_ONCE)));
        }
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
