package dev.switchover.dualwrite.backup;

import dev.switchover.storage.BackupException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The backups in one folder, of what one source holds. Thread-safe. */
public final class FolderBackups implements Backups {

    /** Has work done by whoever has the directory, and waits. */
    @FunctionalInterface
    public interface Holder {

        /** @return what came of it, as JSON text */
        String ask(String kind, Map<String, String> arguments);
    }

    private final BackupSource source;
    private final BackupMaker maker;
    private final BackupCatalog catalog;
    private final Holder holder;
    private final Path directory;
    private final EmergencyFiles emergency;

    public FolderBackups(BackupSource source, Path directory, BackupMaker maker, Holder holder, Clock clock) {
        this.source = source;
        this.maker = maker;
        this.catalog = new BackupCatalog(maker.folder(), source.schemas(), clock);
        this.holder = holder;
        this.directory = directory;
        this.emergency = new EmergencyFiles(maker.folder().path(), clock);
    }

    @Override
    public BackupFile create(BackupKind kind, Collection<String> collections) {
        return maker.make(source, kind, Chosen.of(source.schemas(), collections));
    }

    @Override
    public List<BackupFile> list() {
        return catalog.list();
    }

    @Override
    public BackupStats stats() {
        return catalog.stats();
    }

    @Override
    public BackupCheck verify(String backup) {
        return catalog.verify(find(backup));
    }

    @Override
    public List<BackupCheck> verifyAll() {
        return catalog.verifyAll();
    }

    @Override
    public RestorePlan plan(String backup, Collection<String> collections) {
        Archive archive = check(find(backup));
        List<RestorePlanner.Wanted> wanted = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : Chosen.of(archive, source.schemas(), collections)) {
            wanted.add(new RestorePlanner.Wanted(schema, false, () -> archive.records(schema)));
        }
        RestorePlanner.Found found = new RestorePlanner(source).compare(wanted);
        return new RestorePlan(
                archive.name(), archive.file().toString(), archive.head().time(), found.bytes(), found.changes());
    }

    private Archive check(Path file) {
        try {
            return Archive.check(file, source.schemas());
        } catch (DamagedBackupException e) {
            throw RestoreRequest.damaged(file, e);
        } catch (IOException e) {
            throw new BackupException(file, "The backup " + file + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public RestoreReport restore(String backup, Collection<String> collections) {
        String done = holder.ask(RestoreRequest.KIND, RestoreRequest.arguments(find(backup), collections, false));
        return Json.read(done, RestoreReport.class);
    }

    @Override
    public RecoveryScan scan(RecoveryOptions options, Consumer<? super FoundRecord> each) {
        List<CollectionSchema<?, ?>> schemas = Chosen.of(source.schemas(), options.collections());
        try (RecoverySources sources = new RecoverySources(source, directory, maker.folder(), schemas)) {
            sources.find(options.more());
            return new Recovery(sources, schemas, source, options.withDeleted()).scan(each);
        }
    }

    @Override
    public List<EmergencyFile> emergencyFiles() {
        return emergency.list();
    }

    @Override
    public void applyEmergencyFile(String name) {
        holder.ask(EmergencyRequest.KIND, EmergencyRequest.arguments(emergency.waiting(name)));
    }

    @Override
    public RecoveryReport recover(RecoveryOptions options) {
        List<CollectionSchema<?, ?>> schemas = Chosen.of(source.schemas(), options.collections());
        RecoveryScan scan;
        BackupFile collected;
        try (RecoverySources sources = new RecoverySources(source, directory, maker.folder(), schemas)) {
            sources.find(options.more());
            Recovery recovery = new Recovery(sources, schemas, source, options.withDeleted());
            scan = recovery.scan(found -> {});
            collected = maker.make(recovery.merged(), BackupKind.EMERGENCY, schemas);
        }
        String done;
        try {
            done = holder.ask(RestoreRequest.KIND, RestoreRequest.arguments(collected.toPath(), List.of(), true));
        } catch (StorageException e) {
            throw new BackupException(
                    collected.toPath(),
                    "Everything that was found is in " + collected.path() + ", but was not brought in: "
                            + e.getMessage()
                            + ". If files of the directory are damaged, move them away, start the service once, and restore"
                            + " this backup",
                    e);
        }
        return new RecoveryReport(scan, collected.name(), Json.read(done, RestoreReport.class));
    }

    private Path find(String backup) {
        return maker.folder().find(backup);
    }

    @Override
    public Retention retention() {
        return maker.retention();
    }

    @Override
    public CleanReport clean(Retention retention, boolean dryRun) {
        return catalog.clean(retention, dryRun);
    }
}
