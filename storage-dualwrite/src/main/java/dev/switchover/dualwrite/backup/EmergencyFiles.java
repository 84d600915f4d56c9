package dev.switchover.dualwrite.backup;

import dev.switchover.storage.BackupException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.WriteSavedAsideException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Write;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes that failed, each call in a file of its own, in the folder of the backups. Thread-safe. */
public final class EmergencyFiles {

    static final String BEGUN = ".begun";
    static final String APPLIED = ".applied";

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.backup");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final BackupFolder folder;
    private final Clock clock;

    public EmergencyFiles(Path folder, Clock clock) {
        this.folder = new BackupFolder(folder);
        this.clock = clock;
    }

    /**
     * Saves what could not be written.
     *
     * @param newest of a collection, the highest version that is known of
     * @return what is thrown to the caller in place of the failure; the failure itself if it could not be saved either
     */
    public StorageException save(
            List<Write> writes, ToLongFunction<CollectionSchema<?, ?>> newest, StorageException failure) {
        Instant time = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        byte[] content = EmergencyWrites.of(
                        writes, newest, time, failure.getClass().getSimpleName())
                .file();
        try {
            Path file = OwnThread.call(
                    "switchover-emergency",
                    () -> folder.write(
                            n -> "emergency-write-" + STAMP.format(time) + "-"
                                    + UUID.randomUUID().toString().substring(0, 8) + ".json",
                            output -> output.write(content)));
            LOG.error("A write failed and is saved in {}", file);
            return new WriteSavedAsideException(file, failure);
        } catch (IOException e) {
            LOG.error("A write failed, and could not be saved in {} either: {}", folder.path(), e.getMessage());
            failure.addSuppressed(e);
            return failure;
        }
    }

    /** All of them, the oldest first. */
    List<EmergencyFile> list() {
        List<EmergencyFile> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.path(), "emergency-write-*")) {
            for (Path file : files) {
                found.add(look(file));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw new BackupException(folder.path(), "The emergency files cannot be read: " + folder.path(), e);
        }
        found.sort(java.util.Comparator.comparing(EmergencyFile::name));
        return found;
    }

    private static EmergencyFile look(Path file) {
        String name = String.valueOf(file.getFileName());
        EmergencyFile.State state = name.endsWith(APPLIED)
                ? EmergencyFile.State.APPLIED
                : name.endsWith(BEGUN) ? EmergencyFile.State.BEGUN : EmergencyFile.State.WAITING;
        String path = file.toAbsolutePath().toString();
        try {
            if (!Files.isRegularFile(file)) {
                return new EmergencyFile(name, path, state, null, List.of(), false, "it is no file");
            }
            EmergencyWrites content = EmergencyWrites.parse(Files.readAllBytes(file));
            List<String> writes = content.writes().stream()
                    .map(one -> one.operation() + " " + EmergencyWrites.shown(one) + " of " + one.collection())
                    .toList();
            return new EmergencyFile(name, path, state, content.time(), writes, content.maybeDone(), null);
        } catch (DamagedBackupException e) {
            return new EmergencyFile(name, path, state, null, List.of(), false, e.problem());
        } catch (IOException e) {
            return new EmergencyFile(name, path, state, null, List.of(), false, "it cannot be read: " + e.getMessage());
        }
    }

    /** Also by the name it had while it waited. */
    private static boolean isNamed(EmergencyFile file, String name) {
        return List.of("", BEGUN, APPLIED).stream()
                .map(name::concat)
                .anyMatch(one -> one.equals(file.name()) || one.equals(file.path()));
    }

    /** @throws BackupException if there is none of that name that waits */
    Path waiting(String name) {
        for (EmergencyFile file : list()) {
            if (isNamed(file, name)) {
                if (file.state() != EmergencyFile.State.WAITING) {
                    throw new BackupException(
                            Path.of(file.path()),
                            file.state() == EmergencyFile.State.APPLIED
                                    ? "The write in " + file.path() + " has been applied already"
                                    : "Applying the write in " + file.path()
                                            + " was begun and not ended: look whether the"
                                            + " records have it; to try again, take " + BEGUN
                                            + " from the file's name");
                }
                return Path.of(file.path());
            }
        }
        throw new BackupException(null, "There is no emergency file \"" + name + "\" in " + folder.path());
    }
}
