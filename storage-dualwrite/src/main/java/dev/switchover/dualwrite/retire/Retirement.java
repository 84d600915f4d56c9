package dev.switchover.dualwrite.retire;

import dev.switchover.dualwrite.backup.BackupFile;
import dev.switchover.dualwrite.backup.BeforeRetirement;
import dev.switchover.dualwrite.export.DirectoryExport;
import dev.switchover.dualwrite.export.ExportReport;
import dev.switchover.dualwrite.export.ExportReport.CollectionExport;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.Request;
import dev.switchover.dualwrite.request.RequestHandler;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.retire.RetireReport.ArchivedFile;
import dev.switchover.json.directory.Disk;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The request {@code retire}, for a directory that nobody serves from: makes a backup, brings the files up to date and verifies them,
 * archives them, notes in PostgreSQL's ledger that JSON is retired, and only then in the directory. What is killed in between begins again.
 */
public final class Retirement implements RequestHandler {

    public static final String KIND = "retire";

    private static final String FOLDER = "folder";
    private static final Duration NO_MIRROR = Duration.ZERO;

    private final BeforeRetirement before;

    public Retirement(BeforeRetirement before) {
        this.before = before;
    }

    /** @param folder where the archive goes */
    public static Map<String, String> arguments(Path folder) {
        return Map.of(FOLDER, folder.toAbsolutePath().toString());
    }

    @Override
    public String handle(Request request, HeldStorage storage, RequestProgress progress) {
        PostgresStore postgres = storage.postgres();
        if (postgres == null) {
            throw refused("JSON is all there is: no database is configured. Set DATABASE_URL or DATABASE_URL_FILE");
        }
        postgres.prepare();
        storage.schemas().forEach(schema -> requireDatabaseOnly(storage, postgres, schema));
        progress.at(0, OptionalLong.empty(), "making a backup");
        BackupFile backup = before.make(storage);
        ExportReport export = new DirectoryExport(NO_MIRROR).run(storage, storage.schemas(), progress);
        List<ArchivedFile> files = new ArrayList<>();
        for (CollectionExport one : export.collections()) {
            String name = schema(storage, one.collection()).definition().fileName();
            files.add(new ArchivedFile(one.collection(), name, one.records(), one.bytes(), one.sha256()));
        }
        progress.at(0, OptionalLong.empty(), "archiving");
        Instant at = storage.clock().instant();
        Path folder = Path.of(Optional.ofNullable(request.arguments().get(FOLDER))
                .orElseThrow(() -> refused("name the folder of the archive")));
        try {
            Archive.Written archive =
                    new Archive(Disk.real()).write(storage.directory(), folder, files, export.toJson(), at);
            RetireReport report =
                    new RetireReport(archive.file().toString(), archive.sha256(), backup.path(), at, files, List.of());
            storage.schemas().forEach(schema -> note(postgres, schema, report));
            new RetiredDirectory(storage.directory()).write(report);
            return report.toJson();
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    Store.JSON,
                    "JSON was not retired, and its files are where they were",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    e);
        }
    }

    private static CollectionSchema<?, ?> schema(HeldStorage storage, String name) {
        return storage.schemas().stream()
                .filter(schema -> schema.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void requireDatabaseOnly(
            HeldStorage storage, PostgresStore postgres, CollectionSchema<?, ?> schema) {
        storage.phase(schema).ifPresent(phase -> {
            throw refused("A service has the directory and serves " + schema.name() + " in " + phase
                    + "; JSON can be retired when all collections are in DB_ONLY everywhere");
        });
        LedgerEntry entry = postgres.ledger().read(schema).orElse(null);
        if (entry == null || !entry.serves()) {
            throw refused("PostgreSQL is not the authority of " + schema.name()
                    + "; start the service in DB_ONLY first, and let the guard bring everything over");
        }
        if (entry.mirroring() != Mirroring.OFF || postgres.ledger().hasLiveLease(schema)) {
            throw refused("JSON still follows PostgreSQL in " + schema.name() + " (mirroring is " + entry.mirroring()
                    + "); start all instances in DB_ONLY first");
        }
    }

    private static void note(PostgresStore postgres, CollectionSchema<?, ?> schema, RetireReport report) {
        requireNoted(
                schema,
                noteRetired(
                        postgres,
                        schema,
                        report.at(),
                        "JSON retired; its files are in " + report.archive() + ", sha256 " + report.sha256()));
    }

    private static boolean noteRetired(
            PostgresStore postgres, CollectionSchema<?, ?> schema, Instant at, String reason) {
        LedgerEntry entry = postgres.ledger().read(schema).orElseThrow();
        boolean stays = entry.serves() && entry.mirroring() == Mirroring.OFF;
        return stays && postgres.ledger().compareAndSet(schema, entry, entry.withSeen(Position.retired(at)), reason);
    }

    private static void requireNoted(CollectionSchema<?, ?> schema, boolean noted) {
        if (!noted) {
            throw refused("PostgreSQL's ledger of " + schema.name()
                    + " changed meanwhile: was a service started? The files are where they were; try again");
        }
    }

    /**
     * Clears away what a retirement has archived, if there was one: the second half, done by whoever asked for the first, or by the
     * next one who asks.
     *
     * @return what was retired; empty if nothing was
     */
    public static Optional<RetireReport> finish(
            Path directory, PostgresStore postgres, List<CollectionSchema<?, ?>> schemas, Clock clock) {
        RetiredDirectory retired = new RetiredDirectory(directory);
        Optional<RetireReport> report = retired.read();
        if (report.isEmpty()) {
            return report;
        }
        for (CollectionSchema<?, ?> schema : schemas) {
            LedgerEntry entry = postgres.ledger().read(schema).orElse(null);
            if (entry == null || !entry.seen().isRetired()) {
                throw refused("The directory says that JSON is retired, PostgreSQL's ledger of " + schema.name()
                        + " does not; nothing was deleted. Is this the right directory, and the right database?");
            }
        }
        return report.map(known -> known.withLeft(retired.clear(known, clock)));
    }

    private static RequestFailedException refused(String message) {
        return new RequestFailedException(KIND, message);
    }
}
