package dev.switchover.dualwrite.backup;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records of one collection that can still be read in a backup, in whatever state it is: each is known to be right by its own
 * checksum. Memory stays constant. Used by one thread.
 */
final class SalvagedBackup extends CursorAhead {

    private final CollectionSchema<?, ?> schema;
    private final Comparator<RecordId> order;
    private final Consumer<String> problems;
    private final BackupText text;
    private @Nullable RecordId last;
    private boolean ended;

    /** @param problems is told what is left out */
    SalvagedBackup(Path file, CollectionSchema<?, ?> schema, Consumer<String> problems) throws IOException {
        this.schema = schema;
        this.order = schema.idType().order();
        this.problems = problems;
        this.text = new BackupText(BackupInput.lenient(file), false);
        begin();
    }

    @Override
    @Nullable
    RawRecord read() {
        while (!ended) {
            byte[] piece;
            try {
                piece = text.piece();
            } catch (IOException e) {
                problems.accept("it cannot be read further: " + e.getMessage());
                ended = true;
                return null;
            }
            if (piece == null) {
                ended = true;
            } else if (BackupText.isRecord(piece)) {
                RawRecord record = record(piece);
                if (record != null) {
                    return record;
                }
            }
        }
        return null;
    }

    private @Nullable RawRecord record(byte[] piece) {
        try {
            BackupLine line = BackupLine.parse(piece);
            return line.collection().equals(schema.name()) && fits(line.record()) ? line.record() : null;
        } catch (DamagedBackupException e) {
            problems.accept(e.problem());
            return null;
        }
    }

    private boolean fits(RawRecord record) {
        try {
            if (record.id().isEnvelope()) {
                schema.checkEnvelope(record.body());
            } else {
                schema.check(record.body(), schema.parseId(record.id().text()));
            }
        } catch (InvalidRecordException | IllegalArgumentException e) {
            problems.accept("record " + record.id() + " does not fit the definition of " + schema.name());
            return false;
        }
        RecordId before = last;
        if (before != null && order.compare(before, record.id()) >= 0) {
            problems.accept("record " + record.id() + " of " + schema.name() + " is out of order");
            return false;
        }
        last = record.id();
        return true;
    }

    @Override
    public void close() {
        try {
            text.close();
        } catch (IOException e) {
            // It was only read.
            org.slf4j.LoggerFactory.getLogger("dev.switchover.backup").debug("Closing a backup: {}", e.getMessage());
        }
    }
}
