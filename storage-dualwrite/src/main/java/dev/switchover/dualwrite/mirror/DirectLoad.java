package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.RecordStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings a mirror that lacks nearly everything the present states of records without a mark for each: as long as mirroring is
 * {@code syncing}, the comparison that found them is the obligation, and a crash begins it again. What is pending is left to its
 * mark, so that no half of a unit of work gets ahead of the other. Used by the worker only.
 */
final class DirectLoad {

    private final RecordStore primary;
    private final RecordStore mirror;
    private final MirrorLog log;

    DirectLoad(RecordStore primary, RecordStore mirror, MirrorLog log) {
        this.primary = primary;
        this.mirror = mirror;
        this.log = log;
    }

    /**
     * Durable when it returns.
     *
     * @param inStep throws if a store went back in time; asked after the records were read and before they are loaded
     * @return the ids that have to be marked, for nothing was loaded of them, or for nobody knows
     */
    List<RecordId> load(Lane lane, List<RecordId> ids, Runnable inStep) {
        CollectionSchema<?, ?> schema = lane.schema();
        List<RawRecord> records = primary.pending().unmarked(schema, ids);
        inStep.run();
        if (records.isEmpty()) {
            return ids;
        }
        try {
            mirror.mirrorTarget()
                    .load(
                            schema,
                            lane.fence(),
                            records.stream()
                                    .map(record -> new MirrorChange(schema, record.id(), record.version(), record))
                                    .iterator());
        } catch (RecordRefusedException e) {
            return ids; // the ordinary way finds out which of them is refused, and parks it
        }
        for (RawRecord record : records) {
            // Not noted as applied: it is older than any write that is still to be handed over.
            lane.sawId(record.id());
            lane.carried(record.version());
            lane.forced(record.version());
        }
        lane.loaded();
        log.appliedMany(records.size());
        return records.size() == ids.size() ? List.of() : without(ids, records);
    }

    private static List<RecordId> without(List<RecordId> ids, List<RawRecord> loaded) {
        Set<RecordId> there = new HashSet<>();
        loaded.forEach(record -> there.add(record.id()));
        return ids.stream().filter(id -> !there.contains(id)).toList();
    }
}
