package dev.switchover.json;

import dev.switchover.json.records.CollectionState;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Everything of a collection in id order, the envelope first. */
final class Scan {

    private Scan() {}

    /** While the state is being read: the records, in any order. */
    static List<RawRecord> copy(CollectionState collection) {
        List<RawRecord> records = new ArrayList<>(Arrays.asList(collection.inOrder()));
        RawRecord envelope = collection.find(RecordId.ENVELOPE);
        if (envelope != null) {
            records.add(envelope);
        }
        return records;
    }

    /** Sorting takes its time, so nobody waits for it. */
    static RecordCursor cursor(CollectionSchema<?, ?> schema, List<RawRecord> copy) {
        var order = schema.idType().order();
        copy.sort((left, right) -> order.compare(left.id(), right.id()));
        return RecordCursor.of(copy.iterator());
    }
}
