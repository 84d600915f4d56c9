package dev.switchover.dualwrite.testing;

import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.MirrorTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** A {@link MemoryDisk} in the role of the mirror. */
final class MemoryTarget implements MirrorTarget {

    private static final int LOAD_BATCH = 1_000;

    private final MemoryStore process;
    private final MemoryDisk disk;
    /** The last that was answered for. */
    private final Map<CollectionSchema<?, ?>, Apply> answered = new ConcurrentHashMap<>();

    private record Apply(Fence fence, long number) {}

    MemoryTarget(MemoryStore process) {
        this.process = process;
        this.disk = process.disk();
    }

    @Override
    public void apply(
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<MirrorChange> changes,
            Map<CollectionSchema<?, ?>, Long> highestIds) {
        apply(Operation.APPLY, fences, changes, highestIds);
    }

    private void apply(
            Operation operation,
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<MirrorChange> changes,
            Map<CollectionSchema<?, ?>, Long> highestIds) {
        Call call = new Call(
                operation,
                changes.stream()
                        .map(change -> change.schema().name())
                        .distinct()
                        .toList(),
                changes.stream().map(MirrorChange::id).toList());
        long number = disk.nextApply();
        Map<CollectionSchema<?, ?>, Long> before = new HashMap<>();
        fences.forEach((schema, fence) -> before.put(schema, answered(schema, fence)));
        process.run(
                call,
                () -> {
                    for (MirrorChange change : changes) {
                        Fence fence = fences.get(change.schema());
                        if (fence == null) {
                            throw new IllegalArgumentException(
                                    "no fence for " + change.schema().name());
                        }
                        disk.state(change.schema()).receiver(fence);
                        disk.state(change.schema()).requireApplied(before.getOrDefault(change.schema(), 0L));
                    }
                    return null;
                },
                nothing -> {
                    for (MirrorChange change : changes) {
                        disk.state(change.schema()).requireInTurn(number);
                    }
                    disk.beginVolatile();
                    for (MirrorChange change : changes) {
                        CollectionState state = disk.state(change.schema());
                        state.lastApply = number;
                        state.store(change.schema(), change.id(), change.record());
                        state.counter = Math.max(state.counter, change.version());
                    }
                    highestIds.forEach((schema, highest) -> {
                        CollectionState state = disk.state(schema);
                        state.highestId = Math.max(state.highestId, highest);
                    });
                    if (operation == Operation.LOAD) {
                        disk.harden();
                    }
                    return null;
                });
        for (MirrorChange change : changes) {
            answered.put(change.schema(), new Apply(Objects.requireNonNull(fences.get(change.schema())), number));
        }
    }

    private long answered(CollectionSchema<?, ?> schema, Fence fence) {
        Apply last = answered.get(schema);
        return last != null && last.fence.equals(fence) ? last.number : 0;
    }

    @Override
    public BoundedApply within(Duration atMost) {
        return new MemoryBoundedApply(this, disk, atMost);
    }

    @Override
    public void force(Map<CollectionSchema<?, ?>, Fence> fences) {
        Map<CollectionSchema<?, ?>, Long> applied = new HashMap<>();
        fences.forEach((schema, fence) -> applied.put(schema, answered(schema, fence)));
        process.call(Call.of(Operation.FORCE), () -> {
            applied.forEach((schema, number) -> disk.state(schema).requireApplied(number));
            disk.harden();
            return null;
        });
    }

    @Override
    public long load(CollectionSchema<?, ?> schema, Fence fence, Iterator<MirrorChange> changes) {
        long count = 0;
        List<MirrorChange> batch = new ArrayList<>();
        while (changes.hasNext()) {
            batch.add(changes.next());
            count++;
            if (batch.size() == LOAD_BATCH || !changes.hasNext()) {
                apply(Operation.LOAD, Map.of(schema, fence), List.copyOf(batch), Map.of());
                batch.clear();
            }
        }
        return count;
    }
}
