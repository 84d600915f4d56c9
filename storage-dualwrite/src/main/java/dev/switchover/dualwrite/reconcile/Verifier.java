package dev.switchover.dualwrite.reconcile;

import dev.switchover.dualwrite.reconcile.Difference.Kind;
import dev.switchover.dualwrite.reconcile.Suspects.Look;
import dev.switchover.dualwrite.reconcile.Verification.Finding;
import dev.switchover.dualwrite.reconcile.Verification.Why;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.ParkedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Tells drift from what is only under way.
 *
 * <p>A suspect is drift if the same pair of states is seen twice, in two looks of three reads each, in this order: the primary's
 * record, whether the id is pending, the mirror's record. If the id is not pending once the primary's state has been read, that
 * state was acknowledged, so the mirror's record, read later, is at least as new; should it be newer, the second look finds
 * another primary state. The mirror's version has to be the same too, because a record that is absent, created and deleted
 * between two looks is absent both times.
 *
 * <p>Memory: the suspects that are not decided yet, and the first findings; a number of each, whatever the size.
 */
final class Verifier {

    private static final int CHUNK = 256;
    private static final int WAITING_AT_MOST = 10_000;
    private static final int NAMED_AT_MOST = 1_000;
    private static final long PAUSE = Duration.ofMillis(20).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMillis(500).toNanos();

    private final StoreView primary;
    private final StoreView mirror;
    private final CollectionSchema<?, ?> schema;
    private final Suspects suspects;
    private final Consumer<? super Finding> sink;
    private final Map<RecordId, Look> waiting = new LinkedHashMap<>();
    private final List<Finding> drift = new ArrayList<>();
    private final List<Finding> explained = new ArrayList<>();
    private Counts found = Counts.NONE;
    private long pending;
    private long parked;
    private long notMirrored;
    private boolean everythingWasCompared;
    private boolean mirrored = true;

    Verifier(StoreView primary, StoreView mirror, CollectionSchema<?, ?> schema, Consumer<? super Finding> sink) {
        this.primary = primary;
        this.mirror = mirror;
        this.schema = schema;
        this.suspects = new Suspects(primary, mirror, schema);
        this.sink = sink;
    }

    /** @param mirroring whether the primary records what is pending; if it does not, whatever differs is that, and final */
    Verification verify(Mirroring mirroring, Duration patience, ProgressMeter meter) {
        return verify(SideBySide.tolerant(primary, mirror, schema), true, mirroring, patience, meter);
    }

    /** The same by id and version: only records of which those differ are read. */
    Verification verifyVersions(Mirroring mirroring, Duration patience, ProgressMeter meter) {
        return verify(new VersionComparison(primary, mirror, schema), false, mirroring, patience, meter);
    }

    /** @param whole whether the differences hold the records */
    private Verification verify(
            Comparison compared, boolean whole, Mirroring mirroring, Duration patience, ProgressMeter meter) {
        everythingWasCompared = mirroring == Mirroring.ON;
        mirrored = mirroring != Mirroring.OFF;
        Set<RecordId> chunk = new HashSet<>();
        try (Comparison sides = compared) {
            while (sides.hasNext()) {
                Difference difference = sides.next();
                meter.one();
                if (difference == null) {
                    found = found.plusEqual(1);
                } else if (!difference.kind().isDrift()) {
                    found = found.plus(difference.kind());
                } else if (mirrored || !whole) {
                    chunk.add(difference.id());
                } else {
                    notMirrored(difference);
                }
                if (chunk.size() >= CHUNK) {
                    look(List.copyOf(chunk));
                    chunk.clear();
                }
            }
        }
        look(List.copyOf(chunk));
        settle(System.nanoTime() + patience.toNanos());
        meter.finish();
        long named = drift.size() + explained.size();
        return new Verification(
                schema.name(),
                found,
                pending,
                parked,
                notMirrored,
                drift,
                explained,
                named == found.different() + pending + parked + notMirrored);
    }

    private void notMirrored(Difference difference) {
        notMirrored++;
        Look look = Suspects.look(difference);
        explain(difference.id(), look, Why.NOT_MIRRORED);
    }

    /** Looks at each waiting suspect again until all are decided or patience has ended. */
    private void settle(long end) {
        long pause = PAUSE;
        while (!waiting.isEmpty()) {
            giveUpParked();
            look(List.copyOf(waiting.keySet()));
            if (waiting.isEmpty()
                    || System.nanoTime() - end >= 0
                    || Thread.currentThread().isInterrupted()) {
                break;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
        giveUpParked();
        waiting.forEach((id, look) -> {
            pending++;
            explain(id, look, Why.PENDING);
        });
        waiting.clear();
    }

    /** They stay as they are until somebody does something about them. */
    private void giveUpParked() {
        if (waiting.isEmpty()) {
            return;
        }
        for (ParkedRecord record : primary.parked(schema)) {
            Look look = waiting.remove(record.mark().id());
            if (look != null) {
                parked++;
                explain(record.mark().id(), look, Why.PARKED);
            }
        }
    }

    private void explain(RecordId id, Look look, Why why) {
        name(explained, look.finding(id, why));
    }

    private void name(List<Finding> names, Finding finding) {
        if (names.size() < NAMED_AT_MOST) {
            names.add(finding);
        }
        sink.accept(finding);
    }

    private void look(List<RecordId> ids) {
        for (int from = 0; from < ids.size(); from += CHUNK) {
            lookAtChunk(ids.subList(from, Math.min(from + CHUNK, ids.size())));
        }
    }

    private void lookAtChunk(List<RecordId> ids) {
        Map<RecordId, Look> first = suspects.look(
                ids.stream().filter(id -> !waiting.containsKey(id)).toList());
        Map<RecordId, Look> second = suspects.look(ids);
        second.forEach((id, again) -> {
            Look before = waiting.remove(id);
            Look look = before == null ? first.getOrDefault(id, again) : before;
            decide(id, look, again);
        });
    }

    private void decide(RecordId id, Look look, Look again) {
        Kind kind = again.kind();
        if (kind == null || kind == Kind.VERSION) {
            found = kind == null ? found.plusEqual(1) : found.plus(kind);
        } else if (!mirrored) {
            notMirrored++;
            explain(id, again, Why.NOT_MIRRORED);
        } else if (!look.pending() && !again.pending() && look.sameAs(again)) {
            decided(id, kind, again);
        } else if (waiting.size() < WAITING_AT_MOST) {
            waiting.put(id, again);
        } else {
            pending++;
            explain(id, again, Why.PENDING);
        }
    }

    private void decided(RecordId id, Kind kind, Look look) {
        if (everythingWasCompared) {
            found = found.plus(kind);
            name(drift, look.finding(id, Why.DRIFT));
        } else {
            // The mirror worker is comparing and has not come to it yet.
            pending++;
            explain(id, look, Why.PENDING);
        }
    }
}
