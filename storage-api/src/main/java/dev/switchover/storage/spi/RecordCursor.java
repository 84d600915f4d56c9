package dev.switchover.storage.spi;

import dev.switchover.storage.schema.RawRecord;
import java.util.Iterator;

/** Records one after the other, all as they were at one moment. Used by one thread. Close it. */
public interface RecordCursor extends Iterator<RawRecord>, AutoCloseable {

    /**
     * The next record.
     *
     * @throws dev.switchover.storage.InvalidRecordException if what is stored there is no record of the collection, as after
     *     somebody changed a row by hand; the cursor stands behind it then, and may be asked for the next one
     */
    @Override
    RawRecord next();

    @Override
    void close();

    /** A cursor over records that are in memory. */
    static RecordCursor of(Iterator<RawRecord> records) {
        return new RecordCursor() {
            @Override
            public boolean hasNext() {
                return records.hasNext();
            }

            @Override
            public RawRecord next() {
                return records.next();
            }

            @Override
            public void close() {}
        };
    }
}
