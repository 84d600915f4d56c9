package dev.switchover.dualwrite.backup;

import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordCursor;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A cursor that has read one record ahead, for only reading tells whether there is another. Used by one thread. */
abstract class CursorAhead implements RecordCursor {

    private @Nullable RawRecord next;

    /** Null at the end. */
    abstract @Nullable RawRecord read();

    /** Reads the first; before anything else. */
    final void begin() {
        next = read();
    }

    @Override
    public final boolean hasNext() {
        return next != null;
    }

    @Override
    public final RawRecord next() {
        RawRecord record = next;
        if (record == null) {
            throw new NoSuchElementException();
        }
        next = read();
        return record;
    }
}
