package dev.switchover.dualwrite.reconcile;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.RecordStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares everything while writes go on, in small steps, and makes what differs pending in the primary. Writes nothing to the
 * mirror itself, so there is nothing to race with: an id that changed between the two looks becomes pending once too often, no
 * more. Of a mirror that lacks nearly everything the worker may take the ids itself, see {@link Lacking}. Used by one thread. Close
 * it; a comparison that was closed early has to begin again.
 */
public final class LiveComparison implements AutoCloseable {

    private static final int MARKED_AT_ONCE = 500;

    private static final int MANY_MARKED_AT_ONCE = 10_000;

    private static final int LOADED_AT_ONCE = 20_000;
    private static final long BYTES_LOADED_AT_ONCE = 32 << 20;

    /** Takes ids of records the mirror lacks, on the thread that compares. */
    @FunctionalInterface
    public interface Lacking {

        /** Marks all of them. */
        Lacking MARKED = ids -> ids;

        /** Brings the mirror their present states, durably. @return those it did not, to be marked */
        List<RecordId> take(List<RecordId> ids);
    }

    private final RecordStore primary;
    private final CollectionSchema<?, ?> schema;
    private final Fence fence;
    private final SideBySide sides;
    private final ProgressMeter meter;
    private final int many;
    private final Lacking lacking;
    private final List<RecordId> differing = new ArrayList<>();
    private final List<RecordId> missing = new ArrayList<>();
    private long missingBytes;
    private boolean finished;

    /** @param many after how many ids of which hardly any is the same the next that the mirror lacks are not simply marked */
    LiveComparison(
            RecordStore primary,
            RecordStore mirror,
            CollectionSchema<?, ?> schema,
            Fence fence,
            ProgressMeter meter,
            int many,
            Lacking lacking) {
        this.many = many;
        this.lacking = lacking;
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
                note(difference);
            }
            if (missing.size() >= LOADED_AT_ONCE || missingBytes >= BYTES_LOADED_AT_ONCE) {
                load();
            }
            if (differing.size() >= (isAllDifferent() ? MANY_MARKED_AT_ONCE : MARKED_AT_ONCE)) {
                mark();
            }
        }
        if (!sides.hasNext() && !finished) {
            load();
            mark();
            finished = true;
            meter.finish();
        }
        return finished;
    }

    private void note(Difference difference) {
        RawRecord left = difference.left();
        if (difference.kind() == Difference.Kind.MISSING && left != null && isAllDifferent()) {
            missing.add(difference.id());
            missingBytes += left.body().length;
        } else {
            differing.add(difference.id());
        }
    }

    private void load() {
        if (!missing.isEmpty()) {
            differing.addAll(lacking.take(List.copyOf(missing)));
            missing.clear();
            missingBytes = 0;
        }
    }

    private void mark() {
        for (int from = 0; from < differing.size(); from += MANY_MARKED_AT_ONCE) {
            int to = Math.min(differing.size(), from + MANY_MARKED_AT_ONCE);
            primary.pending().mark(schema, fence, List.copyOf(differing.subList(from, to)));
        }
        differing.clear();
    }

    /** Whether there have been many ids, and hardly any was the same on both sides. */
    public boolean isAllDifferent() {
        Counts counts = sides.counts();
        return counts.different() > many && counts.equal() * 100 < counts.different();
    }

    public Counts counts() {
        return sides.counts();
    }

    @Override
    public void close() {
        sides.close();
    }
}
