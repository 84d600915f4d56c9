package dev.switchover.dualwrite.backup;

import dev.switchover.storage.BackupException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What lies in the folder of the backups. Thread-safe. */
final class BackupCatalog {

    /** Nobody takes that long to write one. */
    private static final Duration ABANDONED = Duration.ofDays(2);

    private final BackupFolder folder;
    private final List<CollectionSchema<?, ?>> schemas;
    private final Clock clock;

    BackupCatalog(BackupFolder folder, List<CollectionSchema<?, ?>> schemas, Clock clock) {
        this.folder = folder;
        this.schemas = List.copyOf(schemas);
        this.clock = clock;
    }

    List<BackupFile> list() {
        List<Path> files = folder.files();
        List<BackupFile> found = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            found.add(look(files.get(i), i + 1));
        }
        return found;
    }

    /** By name and first line. */
    static BackupFile look(Path file, int number) {
        String name = String.valueOf(file.getFileName());
        BackupName parsed = BackupName.parse(file).orElse(null);
        @Nullable Instant time = parsed == null ? null : parsed.time();
        @Nullable BackupKind kind = parsed == null ? null : parsed.kind();
        String path = file.toAbsolutePath().toString();
        long bytes = size(file);
        String problem;
        try (BackupReader reader = BackupReader.open(file)) {
            BackupHead head = reader.head();
            return new BackupFile(number, name, path, head.time(), head.kind(), bytes, head.parts(), null);
        } catch (IOException e) {
            problem = "it cannot be read: " + e.getMessage();
        } catch (DamagedBackupException e) {
            problem = e.problem();
        }
        return new BackupFile(number, name, path, time, kind, bytes, List.of(), problem);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // gone since; reading it will tell
        }
    }

    BackupStats stats() {
        List<BackupFile> files = list();
        Map<BackupKind, Integer> byKind = new EnumMap<>(BackupKind.class);
        files.stream()
                .map(BackupFile::kind)
                .filter(Objects::nonNull)
                .forEach(kind -> byKind.merge(Objects.requireNonNull(kind), 1, Integer::sum));
        List<Instant> times = files.stream()
                .map(BackupFile::time)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .sorted()
                .toList();
        return new BackupStats(
                folder.path().toString(),
                files.size(),
                files.stream().mapToLong(BackupFile::bytes).sum(),
                byKind,
                (int) files.stream().filter(file -> file.problem() != null).count(),
                times.isEmpty() ? null : times.get(0),
                times.isEmpty() ? null : times.get(times.size() - 1),
                files.stream().mapToLong(BackupFile::bytes).max().orElse(0));
    }

    BackupCheck verify(Path file) {
        String name = String.valueOf(file.getFileName());
        String path = file.toAbsolutePath().toString();
        try {
            Archive archive = Archive.check(file, schemas);
            List<String> problems = new ArrayList<>(archive.problems());
            BackupName named = BackupName.parse(file).orElse(null);
            if (named != null && named.kind() != archive.head().kind()) {
                problems.add("its name says " + named.kind().word() + ", its first line "
                        + archive.head().kind().word());
            }
            return new BackupCheck(name, path, problems.isEmpty(), archive.records(), problems);
        } catch (DamagedBackupException e) {
            return new BackupCheck(name, path, false, 0, List.of(e.problem() + "; recover takes what can be read"));
        } catch (IOException e) {
            return new BackupCheck(name, path, false, 0, List.of("it cannot be read: " + e.getMessage()));
        }
    }

    List<BackupCheck> verifyAll() {
        return folder.files().stream().map(this::verify).toList();
    }

    CleanReport clean(Retention retention, boolean dryRun) {
        List<Path> files = folder.files();
        Map<String, Path> byName =
                files.stream().collect(Collectors.toMap(file -> String.valueOf(file.getFileName()), file -> file));
        List<Retention.Candidate> all = new ArrayList<>();
        for (Path file : files) {
            BackupName name = BackupName.parse(file).orElseThrow();
            all.add(new Retention.Candidate(name.toString(), name.time(), name.kind()));
        }
        List<String> removed = new ArrayList<>();
        long bytes = 0;
        try {
            for (Retention.Candidate one : retention.removable(all, clock.instant())) {
                Path file = Objects.requireNonNull(byName.get(one.name()));
                bytes += size(file);
                if (!dryRun) {
                    folder.delete(file);
                }
                removed.add(one.name());
            }
            if (!dryRun) {
                for (Path never : folder.leftovers(clock.instant().minus(ABANDONED))) {
                    folder.delete(never);
                }
            }
            if (!dryRun && !removed.isEmpty()) {
                folder.force();
            }
        } catch (IOException e) {
            throw new BackupException(
                    folder.path(),
                    removed.size() + " backups are removed; the next one in " + folder.path() + " cannot be ("
                            + e.getMessage() + ")",
                    e);
        }
        return new CleanReport(dryRun, removed, files.size() - removed.size(), bytes);
    }
}
