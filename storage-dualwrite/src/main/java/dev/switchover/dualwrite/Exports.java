package dev.switchover.dualwrite;

import dev.switchover.dualwrite.export.DirectoryExport;
import dev.switchover.dualwrite.export.ExportHandler;
import dev.switchover.dualwrite.export.ExportReport;
import dev.switchover.dualwrite.export.ExportReport.CollectionExport;
import dev.switchover.dualwrite.export.FolderExport;
import dev.switchover.dualwrite.export.FolderExport.Part;
import dev.switchover.dualwrite.export.LastExport;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.json.JsonStore;
import dev.switchover.json.ReadOnlyJsonStore;
import dev.switchover.postgres.ExportTable;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordSnapshot;
import dev.switchover.storage.spi.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Exports, of an open storage or beside it. Thread-safe. */
final class Exports {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.export");

    private static final String DIRECTORY = "directory";

    private final Configuration configuration;
    private final DirectoryRequests requests;
    private final @Nullable PostgresStore postgres;
    private final Supplier<@Nullable JsonStore> held;

    /** @param held the JSON store of this process, null while it does not have the directory */
    Exports(
            Configuration configuration,
            DirectoryRequests requests,
            @Nullable PostgresStore postgres,
            Supplier<@Nullable JsonStore> held) {
        this.configuration = configuration;
        this.requests = requests;
        this.postgres = postgres;
        this.held = held;
    }

    /** Into the storage's own directory, by whoever has it. */
    ExportReport toOwnDirectory(Collection<String> collections, Duration patience, RequestProgress progress) {
        ExportHandler.chosen(configuration.schemas(), collections);
        String result = requests.ask(ExportHandler.KIND, ExportHandler.arguments(collections), patience, progress);
        return noted(ExportReport.fromJson(result));
    }

    /** Into any folder; into the storage's own as above. */
    ExportReport to(Path folder, Collection<String> collections, RequestProgress progress) {
        return to(folder, collections, progress, () -> {});
    }

    /** @param last called before the files take their names; may refuse */
    ExportReport to(Path folder, Collection<String> collections, RequestProgress progress, Runnable last) {
        List<CollectionSchema<?, ?>> schemas = ExportHandler.chosen(configuration.schemas(), collections);
        FolderExport export = new FolderExport(
                configuration.hasDirectory() ? configuration.directory() : null, configuration.clock());
        if (export.isOwnDirectory(folder)) {
            return toOwnDirectory(collections, DirectoryRequests.PATIENCE, progress);
        }
        return noted(export.run(folder, parts(schemas), progress, last));
    }

    /** By collection; empty without a database. */
    List<LastExport> last() {
        PostgresStore database = postgres;
        if (database == null) {
            return List.of();
        }
        return database.exports().all().stream()
                .map(row -> new LastExport(
                        row.collection(),
                        row.target().equals(DIRECTORY),
                        row.at(),
                        row.snapshot(),
                        row.version(),
                        row.records(),
                        row.bytes(),
                        row.file(),
                        row.host()))
                .toList();
    }

    /** Where the records of these collections are to be read. */
    List<Part> parts(List<CollectionSchema<?, ?>> schemas) {
        List<CollectionSchema<?, ?>> inDatabase = new ArrayList<>();
        List<CollectionSchema<?, ?>> inFiles = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            (leads(schema) ? inDatabase : inFiles).add(schema);
        }
        List<Part> parts = new ArrayList<>();
        PostgresStore database = postgres;
        if (!inDatabase.isEmpty() && database != null) {
            parts.add(new Part(Store.POSTGRESQL, inDatabase, database::snapshot));
        }
        if (!inFiles.isEmpty()) {
            parts.add(new Part(Store.JSON, inFiles, this::files));
        }
        return parts;
    }

    /** Whether PostgreSQL is the authority: active and confirmed, it is the only one. */
    private boolean leads(CollectionSchema<?, ?> schema) {
        PostgresStore database = postgres;
        if (database == null) {
            return false;
        }
        try {
            return database.look().own().isEmpty()
                    && database.ledger()
                            .read(schema)
                            .filter(LedgerEntry::serves)
                            .isPresent();
        } catch (StoreUnavailableException away) {
            return false; // JSON's own ledger has the last word
        }
    }

    private RecordSnapshot files(List<CollectionSchema<?, ?>> schemas) {
        JsonStore open = held.get();
        ReadOnlyJsonStore copy =
                open == null ? JsonStore.openReadOnly(configuration.json(), configuration.schemas()) : null;
        for (CollectionSchema<?, ?> schema : schemas) {
            Optional<LedgerEntry> entry = open != null
                    ? open.ledger().read(schema)
                    : copy == null ? Optional.empty() : copy.ledgerEntry(schema);
            if (entry.isPresent() && entry.get().state() != State.ACTIVE) {
                requireAnswer(schema);
                throw new RequestFailedException(
                        ExportHandler.KIND,
                        "JSON is not the authority of " + schema.name()
                                + ", and PostgreSQL, which is, does not serve; nothing was exported");
            }
        }
        if (open != null) {
            return open.snapshot(schemas);
        }
        if (copy == null) {
            throw new IllegalStateException("either the store or its files");
        }
        return copy.snapshot(schemas);
    }

    /** Whether the authority is away, or does not serve, calls for different things to be done. */
    private void requireAnswer(CollectionSchema<?, ?> schema) {
        try {
            if (postgres != null) {
                postgres.ledger().read(schema);
            }
        } catch (StoreUnavailableException e) {
            throw DirectoryExport.away(schema, e);
        }
    }

    /** What was exported last is told by the database, where there is one; the export stands without. */
    private ExportReport noted(ExportReport report) {
        LOG.atInfo()
                .addKeyValue("folder", report.folder())
                .addKeyValue("records", report.records())
                .addKeyValue("millis", report.took().toMillis())
                .log(
                        "Exported {} records of {} collections to {}",
                        report.records(),
                        report.collections().size(),
                        report.folder());
        PostgresStore database = postgres;
        if (database == null) {
            return report;
        }
        try {
            for (CollectionExport one : report.collections()) {
                database.exports()
                        .note(new ExportTable.Row(
                                one.collection(),
                                report.ownDirectory() ? DIRECTORY : "folder",
                                report.at(),
                                one.snapshot(),
                                one.version(),
                                one.records(),
                                one.bytes(),
                                one.sha256(),
                                one.file(),
                                ""));
            }
        } catch (StorageException e) {
            LOG.warn("The export to {} could not be noted in the database: {}", report.folder(), e.getMessage());
        }
        return report;
    }
}
