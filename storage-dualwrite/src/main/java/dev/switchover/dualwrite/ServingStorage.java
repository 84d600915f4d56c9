package dev.switchover.dualwrite;

import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.json.JsonStore;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What requests are carried out on while a service runs and has the directory. Thread-safe. */
final class ServingStorage implements HeldStorage {

    private final Configuration configuration;
    private final List<Route> routes;
    private final Stores stores;
    private final Mirrors mirrors;

    ServingStorage(Configuration configuration, List<Route> routes, Stores stores, Mirrors mirrors) {
        this.configuration = configuration;
        this.routes = List.copyOf(routes);
        this.stores = stores;
        this.mirrors = mirrors;
    }

    /** This, or null while this process does not have the directory. */
    @Nullable
    HeldStorage whileHeld() {
        JsonStore held = stores.heldJson();
        return held == null || !held.holdsDirectory() ? null : this;
    }

    @Override
    public Path directory() {
        return configuration.directory();
    }

    @Override
    public List<CollectionSchema<?, ?>> schemas() {
        return configuration.schemas();
    }

    /**
     * {@inheritDoc}
     *
     * @throws StorageClosedException if the directory has been let go of: what was asked for is begun again by its next holder, unless
     *     its asker was told otherwise
     */
    @Override
    public JsonStore json() {
        JsonStore held = stores.heldJson();
        if (held == null) {
            throw new StorageClosedException();
        }
        return held;
    }

    @Override
    public @Nullable PostgresStore postgres() {
        return stores.configuredPostgres();
    }

    @Override
    public Optional<Phase> phase(CollectionSchema<?, ?> schema) {
        return routes.stream()
                .filter(route -> route.schema() == schema && route.serving())
                .map(Route::phase)
                .findFirst();
    }

    @Override
    public boolean awaitInSync(Duration atMost) {
        boolean all = routes.stream()
                .filter(route -> route.phase().mirrored())
                .allMatch(route -> mirrors.of(route.phase().primary(), route.schema()) != null);
        return all && mirrors.awaitInSync(atMost);
    }

    @Override
    public Clock clock() {
        return configuration.clock();
    }
}
