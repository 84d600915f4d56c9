package dev.switchover.dualwrite.request;

import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process that has the directory. */
final class Held implements RequestDesk.Alone {

    private record Note(String id, String text) {}

    static final List<CollectionSchema<?, ?>> SCHEMAS = List.of(CollectionSchema.of(
            CollectionDefinition.of("notes", Note.class, String.class).build()));

    private final Path directory;
    private final JsonStore json;

    Held(Path directory) {
        this.directory = directory;
        this.json = JsonStore.open(JsonSettings.of(directory), SCHEMAS);
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public List<CollectionSchema<?, ?>> schemas() {
        return SCHEMAS;
    }

    @Override
    public JsonStore json() {
        return json;
    }

    @Override
    public @Nullable PostgresStore postgres() {
        return null;
    }

    @Override
    public Optional<Phase> phase(CollectionSchema<?, ?> schema) {
        return Optional.empty();
    }

    @Override
    public boolean awaitInSync(Duration atMost) {
        return true;
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public void close() {
        json.close();
    }
}
