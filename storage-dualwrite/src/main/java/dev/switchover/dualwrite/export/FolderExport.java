package dev.switchover.dualwrite.export;

import dev.switchover.dualwrite.export.ExportReport.CollectionExport;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.export.ExportedFile;
import dev.switchover.json.export.FileForm;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Export to a folder outside of the storage. Each file is written beside its place, read back and compared while it is forced, and only
 * when all are right do they take their names; until then, and if anything fails, the files before them stay. Memory does not grow with
 * the records. Thread-safe, without state.
 */
public final class FolderExport {

    private static final int TELL_EVERY = 1_000;

    private final Disk disk;
    private final Clock clock;
    private final @Nullable Path directory;

    /** @param directory the storage's own, for the form of its files; null if it has none */
    public FolderExport(@Nullable Path directory, Clock clock) {
        this(Disk.real(), directory, clock);
    }

    FolderExport(Disk disk, @Nullable Path directory, Clock clock) {
        this.disk = disk;
        this.directory = directory;
        this.clock = clock;
    }

    /** Opens a snapshot of the authority of some collections. */
    @FunctionalInterface
    public interface Source {
        RecordSnapshot open(List<CollectionSchema<?, ?>> schemas);
    }

    /** Collections with one authority. */
    public record Part(Store authority, List<CollectionSchema<?, ?>> schemas, Source source) {

        public Part {
            schemas = List.copyOf(schemas);
        }
    }

    /** Whether the folder is this storage's own directory: then {@link DirectoryExport} is the way. */
    public boolean isOwnDirectory(Path folder) {
        try {
            return ExportFolder.isOwn(folder, directory);
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /** {@link #run(Path, List, RequestProgress, Runnable)}, with nothing to ask at the end. */
    public ExportReport run(Path folder, List<Part> parts, RequestProgress progress) {
        return run(folder, parts, progress, () -> {});
    }

    /**
     * Writes the files.
     *
     * @param last called when all files are written and right, before they take their names; may refuse by an exception
     * @throws dev.switchover.storage.RequestFailedException if the folder is a storage's, or holds files that no export wrote
     * @throws StoreUnavailableException if it cannot be written, or is not read back as it was written
     */
    public ExportReport run(Path folder, List<Part> parts, RequestProgress progress, Runnable last) {
        Instant at = clock.instant();
        long began = System.nanoTime();
        List<CollectionSchema<?, ?>> schemas = new ArrayList<>();
        parts.forEach(part -> schemas.addAll(part.schemas()));
        try (ExportFolder target = ExportFolder.open(folder, schemas)) {
            List<CollectionExport> done = new ArrayList<>();
            Map<CollectionSchema<?, ?>, Origin> origins = new LinkedHashMap<>();
            try {
                for (Part part : parts) {
                    done.addAll(write(part, target, origins, progress));
                }
                last.run();
                target.claim(schemas, origins);
                for (CollectionSchema<?, ?> schema : schemas) {
                    Path file = target.file(schema);
                    disk.copyMode(file, StoreDirectory.temporary(file));
                    disk.rename(StoreDirectory.temporary(file), file);
                }
                disk.forceDirectory(target.path());
            } finally {
                for (CollectionSchema<?, ?> schema : schemas) {
                    disk.delete(StoreDirectory.temporary(target.file(schema)));
                }
            }
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            return new ExportReport(target.path().toString(), false, at, took, done);
        } catch (IOException e) {
            throw failed(folder, e);
        } catch (UncheckedIOException e) {
            throw failed(folder, e.getCause());
        }
    }

    private List<CollectionExport> write(
            Part part, ExportFolder target, Map<CollectionSchema<?, ?>, Origin> origins, RequestProgress progress)
            throws IOException {
        List<CollectionExport> done = new ArrayList<>();
        Instant time = clock.instant();
        try (RecordSnapshot snapshot = part.source().open(part.schemas())) {
            for (CollectionSchema<?, ?> schema : part.schemas()) {
                long began = System.nanoTime();
                Path file = target.file(schema);
                Optional<Origin> origin = snapshot.entry(schema).map(Origin::of);
                if (origin.isPresent()) {
                    target.requireOnward(schema, origin.get());
                    origins.put(schema, origin.get());
                }
                Written written = write(snapshot, schema, file, progress);
                done.add(new CollectionExport(
                        schema.name(),
                        file.toString(),
                        part.authority(),
                        written.records(),
                        written.digest().length(),
                        written.digest().sha256(),
                        time,
                        origin.map(Origin::version).orElse(0L),
                        Duration.ofNanos(System.nanoTime() - began)));
            }
        }
        return done;
    }

    private record Written(long records, FileDigest digest) {}

    private Written write(RecordSnapshot snapshot, CollectionSchema<?, ?> schema, Path file, RequestProgress progress)
            throws IOException {
        FileForm form = directory == null ? FileForm.standard(schema) : FileForm.of(directory, schema);
        byte[] envelope = envelope(snapshot, schema);
        Path temporary = StoreDirectory.temporary(file);
        disk.delete(temporary);
        OptionalLong total = OptionalLong.of(snapshot.count(schema));
        ContentCheck check = new ContentCheck(schema.definition().jsonLayout(), form.keys(), envelope);
        try (RecordCursor records = snapshot.inOrder(schema)) {
            check.begin();
            Iterable<RawRecord> checked = () -> new Checked(records, check, count -> {
                if (count % TELL_EVERY == 0) {
                    progress.at(count, total, "writing " + schema.name());
                }
            });
            FileDigest digest = ExportedFile.write(disk, temporary, schema, form, envelope, checked, written -> {
                check.end();
                progress.at(check.records(), total, "reading " + schema.name() + " back");
                if (total.getAsLong() != check.records()) {
                    throw new IOException(schema.name() + " has " + total.getAsLong() + " records, and "
                            + check.records() + " were written");
                }
                check.requireSame(temporary, written);
            });
            return new Written(check.records(), digest);
        }
    }

    private static byte @Nullable [] envelope(RecordSnapshot snapshot, CollectionSchema<?, ?> schema) {
        if (!schema.definition().jsonLayout().hasEnvelope()) {
            return null;
        }
        try (RecordCursor records = snapshot.scan(schema)) {
            RawRecord first = records.hasNext() ? records.next() : null;
            return first != null && first.id().isEnvelope() ? first.body() : null;
        }
    }

    private interface Count {
        void at(long count);
    }

    /** Hands records on and takes note of each. */
    private record Checked(RecordCursor records, ContentCheck check, Count count) implements Iterator<RawRecord> {

        @Override
        public boolean hasNext() {
            return records.hasNext();
        }

        @Override
        public RawRecord next() {
            RawRecord record = records.next();
            check.record(record);
            count.at(check.records());
            return record;
        }
    }

    private static StoreUnavailableException failed(Path folder, @Nullable IOException cause) {
        return new StoreUnavailableException(
                Store.JSON,
                "The export to " + folder + " failed, and the files that were there before are as they were",
                cause == null ? "unknown" : cause.getClass().getSimpleName() + ": " + cause.getMessage(),
                cause);
    }
}
