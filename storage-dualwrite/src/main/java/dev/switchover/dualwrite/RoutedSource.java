package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.BackupSource;
import dev.switchover.json.JsonStore;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordSnapshot;
import java.util.List;

/** What a service serves, for its backups. Thread-safe. */
final class RoutedSource implements BackupSource {

    private final List<Route> routes;
    private final Stores stores;

    RoutedSource(List<Route> routes, Stores stores) {
        this.routes = List.copyOf(routes);
        this.stores = stores;
    }

    @Override
    public List<CollectionSchema<?, ?>> schemas() {
        return stores.schemas();
    }

    @Override
    public boolean has(Store store) {
        return store == Store.JSON || stores.configuredPostgres() != null;
    }

    @Override
    public Authority authority(CollectionSchema<?, ?> schema) {
        for (Route route : routes) {
            if (route.schema() == schema) {
                route.check();
                if (!route.serving()) {
                    throw new StoreUnavailableException(
                            route.phase().primary(),
                            route.phase().primary().label() + " does not serve " + schema.name()
                                    + " yet, so there is nothing to make a backup of; try again later",
                            null);
                }
                return new Authority(route.phase().primary(), route.phase());
            }
        }
        throw new IllegalArgumentException("The storage was not opened with " + schema.name());
    }

    @Override
    public RecordSnapshot snapshot(Store store, List<CollectionSchema<?, ?>> schemas) {
        if (store == Store.POSTGRESQL) {
            return stores.postgres().snapshot(schemas);
        }
        JsonStore held = stores.heldJson();
        return held == null ? stores.readJson().snapshot(schemas) : held.snapshot(schemas);
    }
}
