package dev.switchover.dualwrite;

import dev.switchover.dualwrite.view.FilesView;
import dev.switchover.dualwrite.view.StoreSight;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.json.JsonStore;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import org.jspecify.annotations.Nullable;

/** The stores of a storage that is open. Another process's directory is read as its files are. */
final class OpenSights implements Sights {

    private final Stores stores;
    private final FilesView files;
    private final @Nullable DatabaseHealth health;

    OpenSights(Configuration configuration, Stores stores, @Nullable DatabaseHealth health) {
        this.stores = stores;
        this.files = new FilesView(configuration.json(), configuration.schemas());
        this.health = health;
    }

    @Override
    public StoreSight json() {
        JsonStore held = stores.heldJson();
        if (held != null) {
            return new StoreSight.Seen(StoreView.of(held));
        }
        try {
            files.refresh();
            return new StoreSight.Seen(files);
        } catch (StorageException e) {
            return StoreSight.Away.because(e);
        }
    }

    @Override
    public StoreSight database(CollectionSchema<?, ?> schema) {
        if (stores.configuredPostgres() == null) {
            return new StoreSight.NotConfigured();
        }
        DatabaseHealth.Outage outage = health == null ? null : health.outage();
        return outage == null
                ? new StoreSight.Seen(StoreView.of(stores.postgres()))
                : new StoreSight.Away("away since " + outage.since() + ", " + outage.reason(), null);
    }
}
