package dev.switchover.dualwrite.backup;

import dev.switchover.storage.BackupException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes backups of what a source holds. Thread-safe. */
public final class BackupMaker {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.backup");

    private final BackupSettings settings;
    private final BackupFolder folder;
    private final Clock clock;

    public BackupMaker(BackupSettings settings, Clock clock) {
        this(settings, new BackupFolder(settings.folder()), clock);
    }

    BackupMaker(BackupSettings settings, BackupFolder folder, Clock clock) {
        this.settings = settings;
        this.folder = folder;
        this.clock = clock;
    }

    BackupFolder folder() {
        return folder;
    }

    Retention retention() {
        return settings.times().retention();
    }

    /**
     * Writes one. When it returns, the file is on the disk under its name. An interrupt stays set and harms nothing.
     *
     * @param schemas at least one
     * @throws BackupException if the file cannot be written
     * @throws dev.switchover.storage.StorageException if a store does not answer; there is no file then
     */
    public BackupFile make(BackupSource source, BackupKind kind, List<CollectionSchema<?, ?>> schemas) {
        Path file;
        try {
            file = OwnThread.call("switchover-backup", () -> write(source, kind, schemas));
        } catch (IOException e) {
            throw new BackupException(
                    folder.path(),
                    "The backup could not be written into " + folder.path() + " (" + e.getMessage()
                            + "); make room there, or make it writable",
                    e);
        }
        return BackupCatalog.look(file, 0);
    }

    private Path write(BackupSource source, BackupKind kind, List<CollectionSchema<?, ?>> schemas) throws IOException {
        Path file;
        long unreadable;
        try (BackupWriter writer = new BackupWriter(source, schemas, clock)) {
            Instant time = writer.open();
            BackupEncoding encoding = settings.encoding();
            file = folder.write(n -> new BackupName(time, kind, n, encoding).toString(), output -> {
                BackupOutput text = new BackupOutput(output, encoding);
                writer.write(text, time, kind);
                text.close();
            });
            unreadable = writer.unreadable();
        }
        if (unreadable > 0) {
            LOG.warn("The backup {} lacks {} rows that are no records; it names them", file, unreadable);
        }
        LOG.atInfo().addKeyValue("file", file).addKeyValue("kind", kind.word()).log("Backup {} is written", file);
        handOver(file, kind);
        return file;
    }

    /** The file is there; whoever copies it may fail, but not unseen. */
    private void handOver(Path file, BackupKind kind) {
        for (FinishedBackup next : settings.finished()) {
            try {
                next.finished(file, kind);
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                LOG.warn("The backup {} is whole, but was not handed on: {}", file, e.toString());
            }
        }
    }
}
