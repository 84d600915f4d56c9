package dev.switchover.dualwrite.backup;

import dev.switchover.storage.BackupException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordCursor;
import java.io.IOException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The records of one collection out of an archive; reads the others too, for only the end of the file tells that it is whole. */
final class ArchiveCursor implements RecordCursor {

    private final Archive archive;
    private final CollectionSchema<?, ?> schema;
    private final BackupReader reader;
    private @Nullable RawRecord next;

    ArchiveCursor(Archive archive, CollectionSchema<?, ?> schema) {
        this.archive = archive;
        this.schema = schema;
        BackupReader opened = null;
        boolean ready = false;
        try {
            opened = BackupReader.open(archive.file());
            this.reader = opened;
            advance();
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

    private void advance() throws IOException {
        next = null;
        for (BackupLine line = reader.next(); line != null; line = reader.next()) {
            if (line.collection().equals(schema.name())) {
                next = line.record();
                return;
            }
        }
        archive.requireSame(reader.totals().sha256());
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public RawRecord next() {
        RawRecord record = next;
        if (record == null) {
            throw new NoSuchElementException();
        }
        try {
            advance();
        } catch (IOException e) {
            throw unreadable(e);
        } catch (DamagedBackupException e) {
            throw archive.changed();
        }
        return record;
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
