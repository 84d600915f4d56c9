package dev.switchover.dualwrite.backup;

import dev.switchover.storage.BackupException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The records of one collection out of an archive; reads the others too, for only the end of the file tells that it is whole. */
final class ArchiveCursor extends CursorAhead {

    private final Archive archive;
    private final CollectionSchema<?, ?> schema;
    private final BackupReader reader;

    ArchiveCursor(Archive archive, CollectionSchema<?, ?> schema) {
        this.archive = archive;
        this.schema = schema;
        BackupReader opened = null;
        boolean ready = false;
        try {
            opened = BackupReader.open(archive.file());
            this.reader = opened;
            begin();
            ready = true;
        } catch (IOException e) {
            throw unreadable(e);
        } catch (DamagedBackupException e) {
            throw archive.changed();
        } finally {
            if (!ready && opened != null) {
                close(opened);
            }
        }
    }

    @Override
    @Nullable
    RawRecord read() {
        try {
            for (BackupLine line = reader.next(); line != null; line = reader.next()) {
                if (line.collection().equals(schema.name())) {
                    return line.record();
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        } catch (DamagedBackupException e) {
            throw archive.changed();
        }
        archive.requireSame(reader.totals().sha256());
        return null;
    }

    private BackupException unreadable(IOException cause) {
        return new BackupException(
                archive.file(), "The backup " + archive.name() + " can no longer be read; nothing was restored", cause);
    }

    @Override
    public void close() {
        close(reader);
    }

    private static void close(BackupReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            // It was only read.
            org.slf4j.LoggerFactory.getLogger("dev.switchover.backup").debug("Closing a backup: {}", e.getMessage());
        }
    }
}
