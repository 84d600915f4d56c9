package dev.switchover.dualwrite.export;

import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Where JSON was retired, an export makes it a copy again: told to the directory first, to PostgreSQL's ledger last. */
final class Unretired {

    private Unretired() {}

    /** A directory is a copy of all collections or of none. */
    static void requireAll(HeldStorage storage, List<CollectionSchema<?, ?>> schemas) {
        if (isRetired(storage) && !schemas.containsAll(storage.schemas())) {
            throw new RequestFailedException(
                    "export", "JSON was retired; the first export into its directory has to be of all collections");
        }
    }

    private static boolean isRetired(HeldStorage storage) {
        return Files.exists(new StoreDirectory(storage.directory().toAbsolutePath()).retired());
    }

    /** The files are complete, and JSON's ledger says that they are a copy. */
    static void note(HeldStorage storage, List<CollectionSchema<?, ?>> copied) {
        StoreDirectory directory = new StoreDirectory(storage.directory().toAbsolutePath());
        if (isRetired(storage)) {
            try {
                Disk.real().delete(directory.retired());
                Disk.real().forceDirectory(directory.hidden());
            } catch (IOException e) {
                throw new StoreUnavailableException(Store.JSON, directory.retired() + " cannot be deleted", e);
            }
        }
        PostgresStore postgres = storage.postgres();
        for (CollectionSchema<?, ?> schema : copied) {
            LedgerEntry entry =
                    postgres == null ? null : postgres.ledger().read(schema).orElse(null);
            if (postgres != null && entry != null && entry.seen().isRetired()) {
                LedgerEntry next = entry.withSeen(storage.json().ledger().remember(schema));
                if (!postgres.ledger().compareAndSet(schema, entry, next, "JSON is a copy again, by export")) {
                    throw new RequestFailedException(
                            "export", "PostgreSQL's ledger of " + schema.name() + " changed meanwhile; export again");
                }
            }
        }
    }
}
