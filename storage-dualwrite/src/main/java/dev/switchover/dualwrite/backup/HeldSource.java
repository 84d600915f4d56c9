package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordSnapshot;
import dev.switchover.storage.spi.RecordStore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stores of whoever has the directory: of a service, by its phase, or of an asker who took the lock, by the ledgers. */
final class HeldSource implements BackupSource {

    private final HeldStorage held;
    private final String doing;

    /** @param doing what cannot be done if nothing tells who is right, as {@code restore} */
    HeldSource(HeldStorage held, String doing) {
        this.held = held;
        this.doing = doing;
    }

    @Override
    public List<CollectionSchema<?, ?>> schemas() {
        return held.schemas();
    }

    @Override
    public boolean has(Store store) {
        return store == Store.JSON || held.postgres() != null;
    }

    @Override
    public Authority authority(CollectionSchema<?, ?> schema) {
        Optional<Phase> served = held.phase(schema);
        if (served.isPresent()) {
            return new Authority(served.get().primary(), served.get());
        }
        LedgerEntry json = held.json().ledger().read(schema).orElse(null);
        PostgresStore database = usable();
        LedgerEntry postgresql =
                database == null ? null : database.ledger().read(schema).orElse(null);
        Store store = dev.switchover.dualwrite.view.Authority.of(json, postgresql, Store.JSON);
        LedgerEntry entry = store == Store.JSON ? json : postgresql;
        if (entry == null || !entry.serves()) {
            throw new RequestFailedException(
                    doing,
                    "No store is known to be right about " + schema.name() + ": "
                            + (entry == null
                                    ? "no ledger knows it yet"
                                    : store.label() + " is " + entry.state() + ", a change of authority was begun")
                            + (database == null ? ", and no database is configured" : "")
                            + ". Start the service once, then ask again; nothing was changed");
        }
        return new Authority(store, phase(schema, store));
    }

    /** The database, if the library has been there. */
    private @Nullable PostgresStore usable() {
        PostgresStore database = held.postgres();
        return database == null || !database.look().own().isEmpty() ? null : database;
    }

    private @Nullable Phase phase(CollectionSchema<?, ?> schema, Store store) {
        return store(store).ledger().lastPhase(schema).orElse(null);
    }

    RecordStore store(Store store) {
        if (store == Store.JSON) {
            return held.json();
        }
        PostgresStore database = held.postgres();
        if (database == null) {
            throw new RequestFailedException(doing, "No database is configured here; set DATABASE_URL");
        }
        return database;
    }

    @Override
    public RecordSnapshot snapshot(Store store, List<CollectionSchema<?, ?>> schemas) {
        return store(store).snapshot(schemas);
    }
}
