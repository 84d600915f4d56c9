package dev.switchover.dualwrite.backup;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collections of a store that can be read to their end, and why the others cannot. Each is looked at in a snapshot of its own: after a
 * failure a database answers nothing more in the same one.
 */
record StillReadable(List<CollectionSchema<?, ?>> collections, List<String> problems) {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.backup");

    /** @throws StorageException if it is none */
    static StillReadable in(BackupSource stores, Store store, List<CollectionSchema<?, ?>> schemas) {
        List<CollectionSchema<?, ?>> readable = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            try (RecordSnapshot snapshot = stores.snapshot(store, List.of(schema));
                    RecordCursor records = snapshot.scan(schema)) {
                readToTheEnd(records);
                readable.add(schema);
            } catch (StorageException e) {
                problems.add(schema.name() + " cannot be read: " + e.getMessage());
                if (problems.size() == schemas.size()) {
                    throw e;
                }
            }
        }
        return new StillReadable(readable, problems);
    }

    private static void readToTheEnd(RecordCursor records) {
        while (records.hasNext()) {
            try {
                records.next();
            } catch (InvalidRecordException e) {
                LOG.debug("A row of {} is no record; whoever merges names it", e.collection());
            }
        }
    }
}
