package dev.switchover.dualwrite.export;

import dev.switchover.dualwrite.export.ExportReport.CollectionExport;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.json.JsonStore;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Export into the storage's own directory. It goes through the JSON store, whose ledger goes on saying that it is no authority: what is
 * written there is a copy, and the guard brings it up to date before it ever serves. Where JSON leads, or follows as a mirror, its
 * files only have to be written down.
 *
 * <p>All collections change in one entry of the journal, and each file is replaced whole after it was read back: whoever is killed
 * in between leaves the copy as it was, or the new one. Memory grows by what differs, beside the records the JSON store holds anyway.
 * Thread-safe, without state.
 */
public final class DirectoryExport {

    private final Duration patience;
    private final Reconciler reconciler = new Reconciler();

    /** @param patience how long a mirror may take to be in sync */
    public DirectoryExport(Duration patience) {
        this.patience = patience;
    }

    /**
     * Brings the files up to date.
     *
     * @throws RequestFailedException if they must not be written: JSON may be the newer store, or it is not known what it is
     * @throws StoreUnavailableException if a store does not answer, or a file cannot be written: then the one before stays
     */
    public ExportReport run(HeldStorage storage, List<CollectionSchema<?, ?>> schemas, RequestProgress progress) {
        Instant at = storage.clock().instant();
        long began = System.nanoTime();
        JsonStore json = storage.json();
        Unretired.requireAll(storage, schemas);
        List<CollectionSchema<?, ?>> copied = new ArrayList<>();
        List<CollectionSchema<?, ?>> written = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            (isCopied(storage, schema) ? copied : written).add(schema);
        }
        List<CollectionSchema<?, ?>> led = schemas.stream()
                .filter(schema -> copied.contains(schema) || isMirrored(storage, schema))
                .toList();
        requireAnswer(storage, led);
        json.readBackFiles(true);
        try {
            Instant snapshot = at;
            if (!copied.isEmpty()) {
                snapshot = copy(storage, copied, progress);
            }
            if (led.size() > copied.size()) {
                progress.at(0, OptionalLong.empty(), "waiting for the mirror");
                if (!storage.awaitInSync(patience)) {
                    requireAnswer(storage, led);
                    throw new RequestFailedException(
                            "export",
                            "JSON follows PostgreSQL and is not in sync; nothing is lost. See what is pending in the status, and"
                                    + " try again");
                }
                snapshot = storage.clock().instant();
            }
            progress.at(0, OptionalLong.empty(), "writing the files");
            json.checkpoint();
            if (!copied.isEmpty()) {
                Unretired.note(storage, copied);
            }
            return report(storage, schemas, copied, at, snapshot, began);
        } finally {
            json.readBackFiles(false);
        }
    }

    private Instant copy(HeldStorage storage, List<CollectionSchema<?, ?>> schemas, RequestProgress progress) {
        try {
            return new JsonCopyUpdate(storage, reconciler).run(schemas, progress);
        } catch (StoreUnavailableException e) {
            throw e.store() == Store.POSTGRESQL ? away(schemas.get(0), e) : e;
        }
    }

    /** Before anything is waited for: what follows a database that is away does not come into step. */
    private static void requireAnswer(HeldStorage storage, List<CollectionSchema<?, ?>> led) {
        PostgresStore postgres = storage.postgres();
        if (postgres == null || led.isEmpty()) {
            return;
        }
        try {
            postgres.ledger().read(led.get(0));
        } catch (StoreUnavailableException e) {
            throw away(led.get(0), e);
        }
    }

    /** What is told of a database that has the newer records and does not answer. */
    public static StoreUnavailableException away(CollectionSchema<?, ?> schema, StoreUnavailableException e) {
        return new StoreUnavailableException(
                Store.POSTGRESQL,
                "PostgreSQL is the authority of " + schema.name()
                        + " and does not answer; nothing was exported, and the files"
                        + " stay as they were. 'switchover check' tells why; export again when it answers",
                e.reason(),
                e);
    }

    /** Whether JSON's records have to be brought up to date first, because nobody does that at present. */
    private static boolean isCopied(HeldStorage storage, CollectionSchema<?, ?> schema) {
        LedgerEntry inJson = storage.json().ledger().read(schema).orElse(null);
        if (inJson != null && inJson.state() == State.ACTIVE) {
            return false;
        }
        PostgresStore postgres = storage.postgres();
        if (postgres == null) {
            if (inJson == null) {
                return false;
            }
            throw new RequestFailedException(
                    "export",
                    "JSON is not the authority of " + schema.name()
                            + ", and no database is configured; set DATABASE_URL or DATABASE_URL_FILE");
        }
        return !isMirrored(storage, schema);
    }

    private static boolean isMirrored(HeldStorage storage, CollectionSchema<?, ?> schema) {
        return storage.phase(schema).filter(Phase.DB_PRIMARY::equals).isPresent();
    }

    private static ExportReport report(
            HeldStorage storage,
            List<CollectionSchema<?, ?>> schemas,
            List<CollectionSchema<?, ?>> copied,
            Instant at,
            Instant snapshot,
            long began) {
        List<CollectionExport> done = new ArrayList<>();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        for (CollectionSchema<?, ?> schema : schemas) {
            Path file = new StoreDirectory(storage.directory().toAbsolutePath())
                    .user(schema.definition().fileName());
            FileDigest digest = digest(file);
            boolean fromDatabase = copied.contains(schema) || isMirrored(storage, schema);
            done.add(new CollectionExport(
                    schema.name(),
                    file.toString(),
                    fromDatabase ? Store.POSTGRESQL : Store.JSON,
                    storage.json().count(schema, Query.all()),
                    digest == null ? 0 : digest.length(),
                    digest == null ? "" : digest.sha256(),
                    snapshot,
                    version(storage.json(), schema),
                    took));
        }
        return new ExportReport(storage.directory().toString(), true, at, took, done);
    }

    private static long version(JsonStore json, CollectionSchema<?, ?> schema) {
        Optional<LedgerEntry> entry = json.ledger().read(schema);
        return entry.map(found -> found.position().version()).orElse(0L);
    }

    private static @Nullable FileDigest digest(Path file) {
        try {
            return FileDigest.of(file);
        } catch (IOException e) {
            throw new StoreUnavailableException(Store.JSON, "The exported file " + file + " cannot be read back", e);
        }
    }
}
