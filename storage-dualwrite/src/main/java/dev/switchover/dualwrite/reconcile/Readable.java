package dev.switchover.dualwrite.reconcile;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordCursor;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The records of a cursor that can be read; ids of the others are noted. Used by one thread. Close it. */
final class Readable implements AutoCloseable {

    /** So many in a row are no edit by hand but another table: there is nothing to compare. */
    private static final int UNREADABLE_AT_ONCE = 10_000;

    private final RecordCursor cursor;
    private final @Nullable Queue<RecordId> unreadable;

    /** @param unreadable where ids are noted; null if a record that cannot be read is the end */
    Readable(RecordCursor cursor, @Nullable Queue<RecordId> unreadable) {
        this.cursor = cursor;
        this.unreadable = unreadable;
    }

    /** Null behind the last. */
    @Nullable
    RawRecord next() {
        while (cursor.hasNext()) {
            try {
                return cursor.next();
            } catch (InvalidRecordException e) {
                String id = e.id();
                if (unreadable == null || id == null || unreadable.size() >= UNREADABLE_AT_ONCE) {
                    throw e;
                }
                unreadable.add(new RecordId(id));
            }
        }
        return null;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
