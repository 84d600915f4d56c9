package dev.switchover.dualwrite.testing;

import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.ParkedRecord;
import dev.switchover.storage.spi.PendingBatch;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingRecord;
import dev.switchover.storage.spi.PendingSet;
import dev.switchover.storage.spi.PendingSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pending set of a {@link MemoryDisk}. */
final class MemoryPending implements PendingSet {

    private static final Comparator<CollectionState.Mark> OLDEST_FIRST =
            Comparator.comparingLong(CollectionState.Mark::sequence);

    private final MemoryStore process;
    private final MemoryDisk disk;

    MemoryPending(MemoryStore process) {
        this.process = process;
        this.disk = process.disk();
    }

    @Override
    public PendingBatch take(Collection<CollectionSchema<?, ?>> schemas, int records, long bytes) {
        Call call = new Call(
                Operation.TAKE, schemas.stream().map(CollectionSchema::name).toList(), List.of());
        return process.call(call, () -> {
            List<PendingRecord> taken = new ArrayList<>();
            boolean more = false;
            Set<Long> units = new HashSet<>();
            long length = 0;
            for (PendingMark mark : unparked(schemas)) {
                boolean room = taken.size() < records && length < bytes;
                if (!room && !units.contains(mark.unit())) {
                    more = true;
                    continue;
                }
                RawRecord present = disk.state(mark.schema()).records.get(mark.id());
                taken.add(new PendingRecord(mark, present));
                length += present == null ? 0 : present.body().length;
                if (mark.unit() != 0) {
                    units.add(mark.unit());
                }
            }
            return new PendingBatch(taken, more);
        });
    }

    @Override
    public List<PendingMark> marks(CollectionSchema<?, ?> schema, int atMost) {
        return process.call(
                Call.of(Operation.TAKE, schema, List.of()),
                () -> unparked(List.of(schema)).stream().limit(atMost).toList());
    }

    private List<PendingMark> unparked(Collection<CollectionSchema<?, ?>> schemas) {
        return schemas.stream()
                .flatMap(schema -> disk.state(schema).marks.values().stream()
                        .map(mark -> new CollectionState.Mark(
                                ofThisProcess(schema, mark.mark()), mark.sequence(), mark.parked())))
                .filter(mark -> mark.parked() == null)
                .sorted(OLDEST_FIRST)
                .map(CollectionState.Mark::mark)
                .toList();
    }

    /** A mark of an earlier process names that one's schema object. */
    private static PendingMark ofThisProcess(CollectionSchema<?, ?> schema, PendingMark mark) {
        return new PendingMark(schema, mark.id(), mark.version(), mark.unit(), mark.since());
    }

    @Override
    public void acknowledge(Map<CollectionSchema<?, ?>, Fence> fences, Collection<PendingMark> marks) {
        Call call = new Call(
                Operation.ACKNOWLEDGE,
                marks.stream().map(mark -> mark.schema().name()).distinct().toList(),
                marks.stream().map(PendingMark::id).toList());
        process.run(
                call,
                () -> {
                    for (PendingMark mark : marks) {
                        Fence fence = fences.get(mark.schema());
                        if (fence == null) {
                            throw new IllegalArgumentException(
                                    "no fence for " + mark.schema().name());
                        }
                        disk.state(mark.schema()).authority(fence);
                    }
                    return null;
                },
                nothing -> {
                    for (PendingMark mark : marks) {
                        CollectionState state = disk.state(mark.schema());
                        CollectionState.Mark stored = state.marks.get(mark.id());
                        if (stored != null && sameVersion(stored, mark)) {
                            state.marks.remove(mark.id());
                            state.mirrorReached(mark.version());
                        }
                    }
                    disk.harden();
                    return null;
                });
    }

    private static boolean sameVersion(CollectionState.Mark stored, PendingMark mark) {
        return stored.mark().version() == mark.version();
    }

    @Override
    public void mark(CollectionSchema<?, ?> schema, Fence fence, Collection<RecordId> ids) {
        process.run(
                Call.of(Operation.MARK, schema, ids), () -> disk.state(schema).authority(fence), entry -> {
                    CollectionState state = disk.state(schema);
                    for (RecordId id : ids) {
                        CollectionState.Mark old = state.marks.get(id);
                        Instant since = old == null
                                ? disk.clock().instant()
                                : old.mark().since();
                        PendingMark mark = new PendingMark(
                                schema,
                                id,
                                ++state.counter,
                                old == null ? 0 : old.mark().unit(),
                                since);
                        long sequence = old == null ? disk.nextSequence() : old.sequence();
                        state.marks.put(
                                id, new CollectionState.Mark(mark, sequence, old == null ? null : old.parked()));
                    }
                    disk.harden();
                    return null;
                });
    }

    @Override
    public void park(Fence fence, PendingMark mark, String reason) {
        process.run(
                Call.of(Operation.PARK, mark.schema(), List.of(mark.id())),
                () -> disk.state(mark.schema()).authority(fence),
                entry -> {
                    disk.state(mark.schema())
                            .marks
                            .computeIfPresent(
                                    mark.id(),
                                    (id, stored) -> sameVersion(stored, mark)
                                            ? new CollectionState.Mark(stored.mark(), stored.sequence(), reason)
                                            : stored);
                    disk.harden();
                    return null;
                });
    }

    @Override
    public List<ParkedRecord> parked(CollectionSchema<?, ?> schema) {
        return process.call(
                Call.of(Operation.LIST_PARKED, schema),
                () -> disk.state(schema).marks.values().stream()
                        .filter(mark -> mark.parked() != null)
                        .sorted(OLDEST_FIRST)
                        .map(mark ->
                                new ParkedRecord(ofThisProcess(schema, mark.mark()), String.valueOf(mark.parked())))
                        .toList());
    }

    @Override
    public int retry(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return changeParked(Operation.RETRY, schema, ids);
    }

    @Override
    public int discard(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return changeParked(Operation.DISCARD, schema, ids);
    }

    private int changeParked(Operation operation, CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return process.call(Call.of(operation, schema, ids), () -> {
            int changed = 0;
            Map<RecordId, CollectionState.Mark> marks = disk.state(schema).marks;
            for (RecordId id : ids) {
                CollectionState.Mark mark = marks.get(id);
                if (mark == null || mark.parked() == null) {
                    continue;
                }
                changed++;
                if (operation == Operation.DISCARD) {
                    marks.remove(id);
                } else {
                    marks.put(id, new CollectionState.Mark(mark.mark(), mark.sequence(), null));
                }
            }
            disk.harden();
            return changed;
        });
    }

    @Override
    public PendingSummary summary(CollectionSchema<?, ?> schema) {
        return process.call(Call.of(Operation.SUMMARY, schema), () -> {
            Collection<CollectionState.Mark> marks = disk.state(schema).marks.values();
            long parked = marks.stream().filter(mark -> mark.parked() != null).count();
            Instant oldest = marks.stream()
                    .filter(mark -> mark.parked() == null)
                    .map(mark -> mark.mark().since())
                    .min(Comparator.naturalOrder())
                    .orElse(null);
            return new PendingSummary(marks.size() - parked, oldest, parked);
        });
    }

    @Override
    public List<RawRecord> unmarked(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return process.call(Call.of(Operation.AMONG, schema, ids), () -> {
            CollectionState state = disk.state(schema);
            return ids.stream()
                    .filter(id -> state.records.containsKey(id) && !state.marks.containsKey(id))
                    .map(id -> state.records.get(id))
                    .toList();
        });
    }

    @Override
    public List<RecordId> among(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return process.call(
                Call.of(Operation.AMONG, schema, ids),
                () -> ids.stream().filter(disk.state(schema).marks::containsKey).toList());
    }
}
