package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.BackupSource;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Both stores beside a service, for backups. Thread-safe. */
final class BesideSource implements BackupSource {

    private final Beside beside;

    BesideSource(Beside beside) {
        this.beside = beside;
    }

    @Override
    public List<CollectionSchema<?, ?>> schemas() {
        return beside.schemas();
    }

    @Override
    public boolean has(Store store) {
        return store == Store.JSON || beside.hasDatabase();
    }

    @Override
    public Authority authority(CollectionSchema<?, ?> schema) {
        LedgerEntry postgresql =
                beside.hasDatabase() ? beside.database().entry(schema).orElse(null) : null;
        LedgerEntry json = inJson(schema, postgresql);
        if (json == null && postgresql == null) {
            return new Authority(Store.JSON, null); // files from before the library
        }
        Store store = dev.switchover.dualwrite.view.Authority.of(json, postgresql, Store.JSON);
        LedgerEntry entry = store == Store.JSON ? json : postgresql;
        if (entry == null || !entry.serves()) {
            throw new RequestFailedException(
                    "backup",
                    "No store is known to be right about " + schema.name() + (beside.hasDatabase() ? "" : " here")
                            + ": a change of authority was begun, or the database is not configured here."
                            + " Set DATABASE_URL as the service has it, or start the service once");
        }
        return new Authority(store, phase(schema, store));
    }

    /** Files that were retired or are damaged are not missed while PostgreSQL serves: then nobody else does. */
    private @Nullable LedgerEntry inJson(CollectionSchema<?, ?> schema, @Nullable LedgerEntry postgresql) {
        try {
            return beside.files().now().ledgerEntry(schema).orElse(null);
        } catch (CorruptFileException | StartRefusedException e) {
            if (postgresql != null && postgresql.serves()) {
                return null;
            }
            throw e;
        }
    }

    private @Nullable Phase phase(CollectionSchema<?, ?> schema, Store store) {
        try {
            return store == Store.JSON
                    ? beside.files().now().lastPhase(schema).orElse(null)
                    : beside.postgres().ledger().lastPhase(schema).orElse(null);
        } catch (StorageException e) {
            return null; // the records are what a backup is for
        }
    }

    @Override
    public RecordSnapshot snapshot(Store store, List<CollectionSchema<?, ?>> schemas) {
        return store == Store.JSON
                ? beside.files().now().snapshot(schemas)
                : beside.postgres().snapshot(schemas);
    }
}
