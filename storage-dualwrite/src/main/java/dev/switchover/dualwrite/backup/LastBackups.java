package dev.switchover.dualwrite.backup;

import dev.switchover.storage.BackupException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When each collection was last backed up, by the files that are there: one that was deleted does not count, nor one whose first line
 * cannot be read, nor what was collected in an emergency. Cheap enough to be asked every few seconds: a file is opened once. Thread-safe.
 */
public final class LastBackups {

    private final BackupFolder folder;
    private Map<Path, BackupFile> known = new HashMap<>();

    public LastBackups(Path folder) {
        this.folder = new BackupFolder(folder);
    }

    /** Empty if there is none, or the folder cannot be read. */
    public synchronized Optional<Instant> of(String collection) {
        List<Path> files;
        try {
            files = folder.files();
        } catch (BackupException e) {
            return Optional.empty();
        }
        Map<Path, BackupFile> there = new HashMap<>();
        for (Path file : files) {
            BackupFile before = known.get(file);
            if (before != null) {
                there.put(file, before);
            }
        }
        known = there;
        return files.stream()
                .map(file -> there.computeIfAbsent(file, unseen -> BackupCatalog.look(unseen, 0)))
                .filter(file -> file.kind() != BackupKind.EMERGENCY)
                .filter(file ->
                        file.collections().stream().anyMatch(part -> part.name().equals(collection)))
                .findFirst()
                .map(BackupFile::time);
    }
}
