package dev.switchover.dualwrite.backup;

import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.recovery.DamagedDirectory;
import dev.switchover.storage.BackupException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds everything there is to recover from, in whatever state it is. The stores are held as of one moment until it is closed. Used by one
 * thread.
 */
final class RecoverySources implements AutoCloseable {

    private final BackupSource stores;
    private final Path directory;
    private final BackupFolder folder;
    private final List<CollectionSchema<?, ?>> schemas;
    private final List<RecoverySource> found = new ArrayList<>();
    private final List<RecoverySource> leftOut = new ArrayList<>();
    private final List<RecordSnapshot> snapshots = new ArrayList<>();
    private final Map<CollectionSchema<?, ?>, LedgerEntry> live = new IdentityHashMap<>();
    private final Map<CollectionSchema<?, ?>, String> lineages = new IdentityHashMap<>();

    RecoverySources(BackupSource stores, Path directory, BackupFolder folder, List<CollectionSchema<?, ?>> schemas) {
        this.stores = stores;
        this.directory = directory;
        this.folder = folder;
        this.schemas = schemas;
    }

    /** @param more further files, and folders whose files are all taken for backups */
    void find(List<Path> more) {
        database();
        files();
        Set<Path> backups = new LinkedHashSet<>(folder.files());
        more.forEach(path -> backups.addAll(filesIn(path)));
        List<Path> sorted = backups.stream().map(Path::toAbsolutePath).sorted().toList();
        expectLineages(sorted);
        sorted.forEach(this::backup);
        aside();
    }

    List<RecoverySource> found() {
        return found;
    }

    /** Those that are not merged. */
    List<RecoverySource> leftOut() {
        return leftOut;
    }

    /** The ledger entry of a store that could be read; the authority's, if one is known to be. */
    @Nullable
    LedgerEntry live(CollectionSchema<?, ?> schema) {
        return live.get(schema);
    }

    private void database() {
        if (stores.has(Store.POSTGRESQL)) {
            try {
                store(Store.POSTGRESQL, "PostgreSQL", "PostgreSQL", RecoveryScan.Kind.POSTGRESQL);
            } catch (StorageException e) {
                leaveOut("PostgreSQL", "PostgreSQL", RecoveryScan.Kind.POSTGRESQL, String.valueOf(e.getMessage()));
            }
        }
    }

    private void files() {
        try {
            store(Store.JSON, "JSON", directory.toString(), RecoveryScan.Kind.JSON);
        } catch (StorageException e) {
            leaveOut(
                    "JSON store",
                    directory.toString(),
                    RecoveryScan.Kind.JSON,
                    e.getMessage() + " (each of its files is read by itself instead)");
            damagedFiles();
        }
    }

    private void store(Store store, String name, String path, RecoveryScan.Kind kind) {
        StillReadable still = StillReadable.in(stores, store, schemas);
        List<CollectionSchema<?, ?>> readable = still.collections();
        RecordSnapshot snapshot = stores.snapshot(store, readable);
        snapshots.add(snapshot);
        Map<CollectionSchema<?, ?>, Long> wholeUpTo = new IdentityHashMap<>();
        for (CollectionSchema<?, ?> schema : readable) {
            LedgerEntry entry = snapshot.entry(schema).orElse(null);
            if (entry != null) {
                live.merge(schema, entry, (old, other) -> other.serves() && !old.serves() ? other : old);
                // A mirror may not have been told of everything yet.
                wholeUpTo.put(schema, entry.serves() ? entry.position().version() : 0L);
            }
        }
        RecoverySource source = RecoverySource.of(
                name,
                path,
                kind,
                schema -> wholeUpTo.getOrDefault(schema, 0L),
                schema -> readable.contains(schema) ? snapshot.scan(schema) : nothing());
        still.problems().forEach(source::problem);
        found.add(source);
    }

    private static RecordCursor nothing() {
        return RecordCursor.of(List.<RawRecord>of().iterator());
    }

    private void damagedFiles() {
        Map<Path, Map<CollectionSchema<?, ?>, List<RawRecord>>> byFile = new HashMap<>();
        Map<Path, List<String>> problems = new HashMap<>();
        DamagedDirectory.show(directory, schemas, new DamagedDirectory.Visitor() {
            @Override
            public void record(Path file, CollectionSchema<?, ?> schema, RawRecord record) {
                byFile.computeIfAbsent(file, unused -> new IdentityHashMap<>())
                        .computeIfAbsent(schema, unused -> new ArrayList<>())
                        .add(record);
            }

            @Override
            public void damage(Path file, String problem) {
                byFile.computeIfAbsent(file, unused -> new IdentityHashMap<>());
                problems.computeIfAbsent(file, unused -> new ArrayList<>()).add(problem);
            }
        });
        byFile.keySet().stream().sorted().forEach(file -> {
            Map<CollectionSchema<?, ?>, List<RawRecord>> records = Objects.requireNonNull(byFile.get(file));
            RecoverySource source = RecoverySource.inMemory(file, RecoveryScan.Kind.JSON, records);
            found.add(source);
            problems.getOrDefault(file, List.of()).forEach(source::problem);
        });
    }

    private List<Path> filesIn(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path)) {
            for (Path file : all) {
                if (Files.isRegularFile(file)) {
                    files.add(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            leaveOut(path.toString(), path.toString(), RecoveryScan.Kind.BACKUP, String.valueOf(e.getMessage()));
        }
        return files;
    }

    private void backup(Path file) {
        String name = String.valueOf(file.getFileName());
        BackupHead head = null;
        Map<CollectionSchema<?, ?>, Long> wholeUpTo = new IdentityHashMap<>();
        List<String> problems = new ArrayList<>();
        try {
            Archive archive = Archive.check(file, List.of());
            head = archive.head();
            if (archive.problems().isEmpty()) {
                schemas.forEach(schema -> archive.head().parts().stream()
                        .filter(part -> part.name().equals(schema.name()))
                        .forEach(part -> wholeUpTo.put(schema, part.version())));
            } else {
                problems.addAll(archive.problems());
            }
        } catch (DamagedBackupException e) {
            problems.add(e.problem());
            head = headOf(file);
        } catch (IOException e) {
            leaveOut(name, file.toString(), RecoveryScan.Kind.BACKUP, "it cannot be read: " + e.getMessage());
            return;
        }
        String other = head == null ? null : otherLineage(head);
        if (other != null) {
            leaveOut(name, file.toString(), RecoveryScan.Kind.BACKUP, other);
            return;
        }
        RecoverySource[] source = new RecoverySource[1];
        source[0] = RecoverySource.of(
                name,
                file.toString(),
                RecoveryScan.Kind.BACKUP,
                schema -> wholeUpTo.getOrDefault(schema, 0L),
                schema -> salvaged(file, schema, source));
        problems.forEach(source[0]::problem);
        found.add(source[0]);
    }

    private static RecordCursor salvaged(Path file, CollectionSchema<?, ?> schema, RecoverySource[] source) {
        try {
            return new SalvagedBackup(file, schema, source[0]::problem);
        } catch (IOException e) {
            throw new BackupException(file, "The backup " + file + " can no longer be read; ask again", e);
        }
    }

    private static @Nullable BackupHead headOf(Path file) {
        try (BackupReader reader = BackupReader.open(file)) {
            return reader.head();
        } catch (IOException | DamagedBackupException e) {
            return null; // its records tell themselves where they belong
        }
    }

    /** Where no store tells which data set it is, the newest backup does. */
    private void expectLineages(List<Path> backups) {
        for (CollectionSchema<?, ?> schema : schemas) {
            LedgerEntry entry = live.get(schema);
            if (entry != null) {
                lineages.put(schema, entry.lineage().toString());
            }
        }
        List<BackupHead> heads = new ArrayList<>();
        for (Path file : backups) {
            BackupHead head = headOf(file);
            if (head != null) {
                heads.add(head);
            }
        }
        heads.sort(Comparator.comparing(BackupHead::time)
                .thenComparing(BackupHead::id)
                .reversed());
        for (BackupHead head : heads) {
            for (BackupPart part : head.parts()) {
                String lineage = part.lineage();
                schemas.stream()
                        .filter(schema -> schema.name().equals(part.name()) && lineage != null)
                        .forEach(schema -> lineages.putIfAbsent(schema, String.valueOf(lineage)));
            }
        }
    }

    /** Versions of another data set say nothing about which state is newer. */
    private @Nullable String otherLineage(BackupHead head) {
        for (BackupPart part : head.parts()) {
            for (CollectionSchema<?, ?> schema : schemas) {
                String expected = lineages.get(schema);
                boolean other = expected != null
                        && schema.name().equals(part.name())
                        && part.lineage() != null
                        && !expected.equals(part.lineage());
                if (other) {
                    return "it is of another data set (lineage " + part.lineage() + " of " + part.name()
                            + "); restore it by itself, if it is what you want";
                }
            }
        }
        return null;
    }

    private void aside() {
        Path asideFolder = new StoreDirectory(directory).aside();
        if (Files.isDirectory(asideFolder)) {
            filesIn(asideFolder).stream()
                    .filter(file -> String.valueOf(file.getFileName()).endsWith(".jsonl"))
                    .sorted()
                    .forEach(file -> found.add(AsideRecords.of(file, schemas)));
        }
    }

    private void leaveOut(String name, String path, RecoveryScan.Kind kind, String why) {
        RecoverySource source = RecoverySource.of(name, path, kind, schema -> 0, schema -> nothing());
        source.problem(why);
        leftOut.add(source);
    }

    @Override
    public void close() {
        snapshots.forEach(RecordSnapshot::close);
    }
}
