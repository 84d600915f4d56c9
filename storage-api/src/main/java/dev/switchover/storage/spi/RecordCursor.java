package dev.switchover.storage.spi;

import dev.switchover.storage.schema.RawRecord;
import java.util.Iterator;

/** Records one after the other, all as they were at one moment. Used by one thread. Close it. */
public interface RecordCursor extends Iterator<RawRecord>, AutoCloseable {

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
