package dev.switchover.dualwrite.testing;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a {@link MemoryDisk} holds, seen from outside, without a call. Not to be changed, and not to be kept. */
public record MemoryView(
        Map<RecordId, RawRecord> records,
        Map<RecordId, RawRecord> durableRecords,
        Set<RecordId> marked,
        Set<RecordId> parked,
        @Nullable LedgerEntry entry,
        long counter,
        long highestId,
        Set<String> tokens) {

    static MemoryView of(CollectionState present, @Nullable CollectionState durable) {
        return new MemoryView(
                present.records,
                durable == null ? Map.of() : durable.records,
                present.marks.keySet(),
                present.marks.values().stream()
                        .filter(mark -> mark.parked() != null)
                        .map(mark -> mark.mark().id())
                        .collect(java.util.stream.Collectors.toSet()),
                present.entry,
                present.counter,
                present.highestId,
                present.tokens);
    }

    @Override
    public String toString() {
        return records + ", marked " + marked + ", " + entry;
    }

    /** The view of one collection on a disk. */
    public static MemoryView of(MemoryDisk disk, CollectionSchema<?, ?> schema) {
        return disk.view(schema);
    }
}
