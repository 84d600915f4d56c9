package dev.switchover.dualwrite;

import dev.switchover.dualwrite.request.RequestDesk;
import dev.switchover.json.DirectoryLockedException;
import dev.switchover.json.JsonStore;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A directory nobody has, taken for the time of one request. The database is the asker's and stays open. Thread-safe. */
final class DirectoryAlone implements RequestDesk.Alone {

    private final Configuration configuration;
    private final @Nullable PostgresStore postgres;
    private final JsonStore json;

    private DirectoryAlone(Configuration configuration, @Nullable PostgresStore postgres, JsonStore json) {
        this.configuration = configuration;
        this.postgres = postgres;
        this.json = json;
    }

    /** @throws DirectoryLockedException if somebody has it after all */
    static DirectoryAlone take(Configuration configuration, @Nullable PostgresStore postgres) {
        return new DirectoryAlone(
                configuration, postgres, JsonStore.open(configuration.json(), configuration.schemas()));
    }

    /** Also where JSON was retired: for the export that makes it a copy again. */
    static DirectoryAlone takeRetired(Configuration configuration, @Nullable PostgresStore postgres) {
        return new DirectoryAlone(
                configuration, postgres, JsonStore.openRetired(configuration.json(), configuration.schemas()));
    }

    @Override
    public Path directory() {
        return configuration.directory();
    }

    @Override
    public List<CollectionSchema<?, ?>> schemas() {
        return configuration.schemas();
    }

    @Override
    public JsonStore json() {
        return json;
    }

    @Override
    public @Nullable PostgresStore postgres() {
        return postgres;
    }

    @Override
    public Optional<Phase> phase(CollectionSchema<?, ?> schema) {
        return Optional.empty();
    }

    /** Nobody carries anything over here, so it tells how it is. */
    @Override
    public boolean awaitInSync(Duration atMost) {
        return false;
    }

    @Override
    public Clock clock() {
        return configuration.clock();
    }

    @Override
    public void close() {
        json.close();
    }
}
