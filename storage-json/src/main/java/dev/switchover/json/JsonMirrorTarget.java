package dev.switchover.json;

import dev.switchover.json.commit.Committer;
import dev.switchover.json.commit.Draft;
import dev.switchover.json.journal.Change;
import dev.switchover.json.records.StoreState;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.MirrorTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The JSON files as mirror. Applying changes memory, and the journal before the next force: as long as nothing is acknowledged,
 * the primary still has it pending.
 */
final class JsonMirrorTarget implements MirrorTarget {

    private static final int BATCH = 1_000;
    private static final long BATCH_BYTES = 4L << 20;

    private final StoreState state;
    private final Committer committer;
    private final Runnable checkpoint;
    private final long patience;

    /** @param patience how long a call waits at most, in nanoseconds */
    JsonMirrorTarget(StoreState state, Committer committer, Runnable checkpoint, long patience) {
        this.state = state;
        this.committer = committer;
        this.checkpoint = checkpoint;
        this.patience = patience;
    }

    @Override
    public void apply(
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<MirrorChange> changes,
            Map<CollectionSchema<?, ?>, Long> highestIds) {
        Function<Draft, List<MirrorChange>> work = draft -> {
            for (MirrorChange change : changes) {
                Fences.requireReceiver(draft, change.schema(), Fences.of(fences, change.schema()));
            }
            for (CollectionSchema<?, ?> schema : highestIds.keySet()) {
                Fences.requireReceiver(draft, schema, Fences.of(fences, schema));
            }
            for (MirrorChange change : changes) {
                draft.add(change.schema(), taken(change));
                RawRecord record = change.record();
                if (record != null && record.version() < change.version()) {
                    draft.add(
                            change.schema(), new Change.Counters(change.schema().name(), change.version(), 0));
                }
            }
            highestIds.forEach((schema, highest) -> {
                if (highest > draft.committed(schema).issued().get()) {
                    draft.add(schema, new Change.Counters(schema.name(), 0, highest));
                }
            });
            return changes;
        };
        committer.appendLater(work, patience);
    }

    private static Change taken(MirrorChange change) {
        RawRecord record = change.record();
        String name = change.schema().name();
        return record == null
                ? new Change.Delete(name, change.id(), change.version())
                : new Change.Put(name, change.id(), record.version(), record.order(), record.body());
    }

    @Override
    public BoundedApply within(Duration atMost) {
        JsonMirrorTarget bounded =
                new JsonMirrorTarget(state, committer, checkpoint, Math.min(patience, atMost.toNanos()));
        return (fences, changes, highestIds) -> {
            bounded.apply(fences, changes, highestIds);
            return true;
        };
    }

    @Override
    public void force(Map<CollectionSchema<?, ?>, Fence> fences) {
        force();
    }

    private void force() {
        committer.force(patience);
    }

    /** Most of a collection is in the file when this returns; where it comes in small parts the file is written now and then, as ever. */
    @Override
    public long load(CollectionSchema<?, ?> schema, Fence fence, Iterator<MirrorChange> changes) {
        long count = 0;
        List<MirrorChange> batch = new ArrayList<>();
        long bytes = 0;
        while (changes.hasNext()) {
            MirrorChange change = changes.next();
            RawRecord record = change.record();
            batch.add(change);
            bytes += record == null ? 0 : record.body().length;
            count++;
            if (batch.size() == BATCH || bytes >= BATCH_BYTES || !changes.hasNext()) {
                apply(Map.of(schema, fence), List.copyOf(batch), Map.of());
                batch.clear();
                bytes = 0;
            }
        }
        force();
        if (count * 2 >= state.read(schema, collection -> collection.size())) {
            checkpoint.run();
        }
        return count;
    }
}
