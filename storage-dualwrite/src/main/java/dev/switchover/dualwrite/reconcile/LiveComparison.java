package dev.switchover.dualwrite.reconcile;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.RecordStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares everything while writes go on, in small steps, and makes what differs pending in the primary. Writes nothing to the
 * mirror itself, so there is nothing to race with: an id that changed between the two looks becomes pending once too often, no
 * more. Used by one thread. Close it; a comparison that was closed early has to begin again.
 */
public final class LiveComparison implements AutoCloseable {

    private static final int MARKED_AT_ONCE = 500;

    private static final int ALL_OF_THESE = 4_000;
    private static final int MANY_MARKED_AT_ONCE = 10_000;

    private final RecordStore primary;
    private final CollectionSchema<?, ?> schema;
    private final Fence fence;
    private final SideBySide sides;
    private final ProgressMeter meter;
    private final List<RecordId> differing = new ArrayList<>();
    private boolean finished;

    LiveComparison(
            RecordStore primary, RecordStore mirror, CollectionSchema<?, ?> schema, Fence fence, ProgressMeter meter) {
        this.primary = primary;
        this.schema = schema;
        this.fence = fence;
        this.meter = meter;
        this.sides = new SideBySide(primary, mirror, schema);
    }

    /**
     * Looks at up to this many ids more.
     *
     * @return whether everything has been compared, and what differs is pending
     */
    public boolean step(int ids) {
        for (int i = 0; i < ids && sides.hasNext(); i++) {
            Difference difference = sides.next();
            meter.one();
            if (difference != null && difference.kind().isDrift()) {
                differing.add(difference.id());
            }
            if (differing.size() >= (isAllDifferent() ? MANY_MARKED_AT_ONCE : MARKED_AT_ONCE)) {
                mark();
            }
        }
        if (!sides.hasNext() && !finished) {
            mark();
            finished = true;
            meter.finish();
        }
        return finished;
    }

    private void mark() {
        if (!differing.isEmpty()) {
            primary.pending().mark(schema, fence, List.copyOf(differing));
            differing.clear();
        }
    }

    /** Whether there have been many ids, and hardly any was the same on both sides. */
    public boolean isAllDifferent() {
        Counts counts = sides.counts();
        return counts.different() > ALL_OF_THESE && counts.equal() * 100 < counts.different();
    }

    public Counts counts() {
        return sides.counts();
    }

    @Override
    public void close() {
        sides.close();
    }
}
