package dev.switchover.json.checkpoint;

import dev.switchover.storage.schema.RawRecord;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** What a checkpoint knows of each record, made when it is asked for, so that whoever writes it down may do so on two threads. Immutable. */
final class KnownRecords extends AbstractList<Checkpoint.Known> implements RandomAccess {

    private final List<RawRecord> records;

    KnownRecords(List<RawRecord> records) {
        this.records = records;
    }

    @Override
    public Checkpoint.Known get(int index) {
        return Checkpoint.Known.of(records.get(index));
    }

    @Override
    public int size() {
        return records.size();
    }
}
