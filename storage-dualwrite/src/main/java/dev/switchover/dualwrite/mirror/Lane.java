package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.reconcile.LiveComparison;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingSummary;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One collection in one session: under which fence, and how far. Used by the worker, or in its place, but for {@link #status}
 * and {@link #forced}.
 */
final class Lane implements AutoCloseable {

    private static final int REMEMBERED_IDS = 10_000;

    private final CollectionSchema<?, ?> schema;
    private final Fence fence;
    private final AppliedVersions applied;
    private long highestId;
    private long carried;
    private final AtomicLong forced = new AtomicLong();
    private boolean noted;
    private boolean loaded;
    private Instant completeAt;
    private @Nullable LiveComparison comparison;

    private volatile Mirroring mirroring;
    private volatile PendingSummary pending = PendingSummary.NONE;
    private volatile Progress.@Nullable Step progress;

    /**
     * @param primary as read after nothing of an earlier term can be applied any more
     * @param completeAt see {@link #completeAt}
     */
    Lane(CollectionSchema<?, ?> schema, LedgerEntry primary, Instant completeAt) {
        this.schema = schema;
        this.fence = new Fence(primary.epoch(), primary.term());
        this.applied = new AppliedVersions(primary.position().version(), REMEMBERED_IDS);
        this.highestId = primary.highestId();
        this.completeAt = completeAt;
        this.mirroring = primary.mirroring();
    }

    CollectionSchema<?, ?> schema() {
        return schema;
    }

    Fence fence() {
        return fence;
    }

    AppliedVersions applied() {
        return applied;
    }

    /** The highest id known to have been issued. */
    long highestId() {
        return highestId;
    }

    void sawId(RecordId id) {
        if (!id.isEnvelope()) {
            highestId = Math.max(highestId, schema.number(id));
        }
    }

    void sawHighestId(long id) {
        highestId = Math.max(highestId, id);
    }

    /** Both stores have noted each other's position in this session. */
    boolean isNoted() {
        return noted;
    }

    void noted() {
        noted = true;
        loaded = false;
    }

    /** Records were brought to the mirror that nothing acknowledges, since the stores last noted each other's position. */
    boolean isLoaded() {
        return loaded;
    }

    void loaded() {
        loaded = true;
    }

    /** The highest version carried over in this session: the primary is not behind it, unless it went back in time. */
    long carried() {
        return carried;
    }

    void carried(long version) {
        carried = Math.max(carried, version);
    }

    /** The highest version that was forced in the mirror: that is not behind it, unless it went back in time. */
    long forced() {
        return forced.get();
    }

    /** By whoever acknowledges, too. */
    void forced(long version) {
        forced.accumulateAndGet(version, Math::max);
    }

    /** The mirror has everything that was committed before. */
    Instant completeAt() {
        return completeAt;
    }

    /** All that was pending at this moment has been carried over. */
    void drainedAt(Instant moment) {
        if (mirroring == Mirroring.ON) {
            completeAt = moment;
        }
    }

    Mirroring mirroring() {
        return mirroring;
    }

    void mirroring(Mirroring now) {
        mirroring = now;
    }

    @Nullable
    LiveComparison comparison() {
        return comparison;
    }

    void comparing(LiveComparison begun) {
        comparison = begun;
    }

    void progress(Progress.Step step) {
        progress = step.finished() ? null : step;
    }

    void pending(PendingSummary summary) {
        pending = summary;
    }

    MirrorStatus.Collection status() {
        return new MirrorStatus.Collection(schema.name(), fence.term(), mirroring, pending, progress, null);
    }

    /** Ends a running comparison; it has to begin again. */
    @Override
    public void close() {
        LiveComparison running = comparison;
        comparison = null;
        progress = null;
        if (running != null) {
            running.close();
        }
    }
}
