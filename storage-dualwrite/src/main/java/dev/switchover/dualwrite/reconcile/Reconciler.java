package dev.switchover.dualwrite.reconcile;

import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.Query;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.RecordSnapshot;
import dev.switchover.storage.spi.RecordStore;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Compares two stores, and makes one equal to the other. Memory stays constant, whatever the size. Thread-safe, without state.
 *
 * <p>Everything throws what the stores throw: {@link dev.switchover.storage.StoreUnavailableException} for one that does not
 * answer, {@link dev.switchover.storage.FencedException} for a worker that is no longer the one.
 */
public final class Reconciler {

    /**
     * Hands every difference to the sink, those of versions too.
     *
     * @param left the store that is right
     */
    public Counts compare(
            RecordStore left,
            RecordStore right,
            CollectionSchema<?, ?> schema,
            DifferenceSink sink,
            Progress progress) {
        ProgressMeter meter = meter(left, schema, progress);
        try (SideBySide sides = new SideBySide(left, right, schema)) {
            return all(sides, sink, meter);
        }
    }

    private static Counts all(SideBySide sides, DifferenceSink sink, ProgressMeter meter) {
        while (sides.hasNext()) {
            Difference difference = sides.next();
            meter.one();
            if (difference != null) {
                sink.accept(difference);
            }
        }
        meter.finish();
        return sides.counts();
    }

    /** The same with a snapshot of the store that is right: what is compared twice is compared with the same. */
    public Counts compare(
            RecordSnapshot left,
            Store leftStore,
            RecordStore right,
            CollectionSchema<?, ?> schema,
            DifferenceSink sink,
            Progress progress) {
        OptionalLong total = progress == Progress.NONE ? OptionalLong.empty() : OptionalLong.of(left.count(schema));
        ProgressMeter meter = new ProgressMeter(progress, schema.name(), total);
        try (SideBySide sides = new SideBySide(leftStore, left::scan, right, schema)) {
            return all(sides, sink, meter);
        }
    }

    /**
     * Makes pending whatever differs, while writes go on. Every write that begins from now on has to be recorded as pending
     * already (mirroring is syncing, and the primary was quiesced since).
     */
    public Counts markDifferences(
            RecordStore primary, RecordStore mirror, CollectionSchema<?, ?> schema, Fence fence, Progress progress) {
        try (LiveComparison comparison = markingDifferences(
                primary, mirror, schema, fence, progress, Integer.MAX_VALUE, LiveComparison.Lacking.MARKED)) {
            boolean finished;
            do {
                finished = comparison.step(Integer.MAX_VALUE);
            } while (!finished);
            return comparison.counts();
        }
    }

    /**
     * The same in small steps, for a thread that has something else to do in between.
     *
     * @param many after how many ids of which hardly any is the same those that the mirror lacks are offered to {@code lacking}
     */
    public LiveComparison markingDifferences(
            RecordStore primary,
            RecordStore mirror,
            CollectionSchema<?, ?> schema,
            Fence fence,
            Progress progress,
            int many,
            LiveComparison.Lacking lacking) {
        return new LiveComparison(primary, mirror, schema, fence, meter(primary, schema, progress), many, lacking);
    }

    /**
     * Makes {@code to} equal to {@code from}: content, order and versions; what is extra is deleted. Only between quiesce and
     * activate, when nothing else writes to either. Durable when it returns.
     *
     * @param fence of the entry in {@code to}
     * @param unexpected takes each drift that was not pending in {@code from}, and its {@link DifferenceSink#force} is called,
     *     before the record is overwritten
     * @param opened called once the state of {@code from} that is copied is fixed, before anything is written; may refuse
     */
    public Counts copy(
            RecordStore from,
            RecordStore to,
            CollectionSchema<?, ?> schema,
            Fence fence,
            Progress progress,
            DifferenceSink unexpected,
            Runnable opened) {
        ProgressMeter meter = meter(from, schema, progress);
        try (SideBySide sides = new SideBySide(from, to, schema)) {
            opened.run();
            CopyStream stream = new CopyStream(from, schema, sides, unexpected, meter);
            to.mirrorTarget().load(schema, fence, stream);
            meter.finish();
            return sides.counts();
        }
    }

    /** {@link #verify(RecordStore, RecordStore, CollectionSchema, Duration, Progress)} with five seconds of patience. */
    public Verification verify(RecordStore primary, RecordStore mirror, CollectionSchema<?, ?> schema) {
        return verify(primary, mirror, schema, Duration.ofSeconds(5), Progress.NONE);
    }

    /**
     * Whether the stores hold the same, without false alarms while writes go on: what is under way is looked at again, and what
     * is still pending when patience ends is counted as pending, not as drift.
     */
    public Verification verify(
            RecordStore primary,
            RecordStore mirror,
            CollectionSchema<?, ?> schema,
            Duration patience,
            Progress progress) {
        Consumer<Verification.Finding> nobody = finding -> {};
        return verify(StoreView.of(primary), StoreView.of(mirror), schema, patience, progress, nobody);
    }

    /**
     * The same from anywhere. Where the primary's ledger says that it records nothing as pending, whatever differs is told as not
     * mirrored.
     *
     * @param findings is handed each finding when it is made, on this thread; one id may be told again where a record cannot be
     *     read
     */
    public Verification verify(
            StoreView primary,
            StoreView mirror,
            CollectionSchema<?, ?> schema,
            Duration patience,
            Progress progress,
            Consumer<? super Verification.Finding> findings) {
        OptionalLong total = progress == Progress.NONE ? OptionalLong.empty() : OptionalLong.of(primary.count(schema));
        Mirroring mirroring = primary.entry(schema).map(LedgerEntry::mirroring).orElse(Mirroring.OFF);
        return new Verifier(primary, mirror, schema, findings)
                .verify(mirroring, patience, new ProgressMeter(progress, schema.name(), total));
    }

    /**
     * The same by id, version and order alone, of records that are not read unless one of those differs: what was changed behind the
     * library's back, so that its version stayed, is not seen.
     */
    public Verification verifyVersions(
            StoreView primary,
            StoreView mirror,
            CollectionSchema<?, ?> schema,
            Duration patience,
            Progress progress,
            Consumer<? super Verification.Finding> findings) {
        Mirroring mirroring = primary.entry(schema).map(LedgerEntry::mirroring).orElse(Mirroring.OFF);
        OptionalLong uncounted = OptionalLong.empty(); // counting may take as long as comparing
        return new Verifier(primary, mirror, schema, findings)
                .verifyVersions(mirroring, patience, new ProgressMeter(progress, schema.name(), uncounted));
    }

    private static ProgressMeter meter(RecordStore from, CollectionSchema<?, ?> schema, Progress progress) {
        OptionalLong total =
                progress == Progress.NONE ? OptionalLong.empty() : OptionalLong.of(from.count(schema, Query.all()));
        return new ProgressMeter(progress, schema.name(), total);
    }
}
