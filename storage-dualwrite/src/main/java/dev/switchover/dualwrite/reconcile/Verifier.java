package dev.switchover.dualwrite.reconcile;

import dev.switchover.dualwrite.reconcile.Difference.Kind;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.ParkedRecord;
import dev.switchover.storage.spi.RecordStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tells drift from what is only under way.
 *
 * <p>A suspect is drift if the same pair of states is seen twice, in two looks of three reads each, in this order: the primary's
 * record, whether the id is pending, the mirror's record. If the id is not pending once the primary's state has been read, that
 * state was acknowledged, so the mirror's record, read later, is at least as new; should it be newer, the second look finds
 * another primary state. The mirror's version has to be the same too, because a record that is absent, created and deleted
 * between two looks is absent both times.
 */
final class Verifier {

    private static final int CHUNK = 256;
    private static final int WAITING_AT_MOST = 10_000;
    private static final int NAMED_AT_MOST = 1_000;
    private static final long PAUSE = Duration.ofMillis(20).toNanos();

    /** What a look at both stores found; the kind is null if they are equal. */
    private record Look(@Nullable Kind kind, long left, long right, boolean pending) {
        private boolean sameAs(Look other) {
            return left == other.left && right == other.right;
        }
    }

    private final RecordStore primary;
    private final RecordStore mirror;
    private final CollectionSchema<?, ?> schema;
    private final Map<RecordId, Look> waiting = new HashMap<>();
    private final List<Verification.Finding> named = new ArrayList<>();
    private Counts found = Counts.NONE;
    private long pending;
    private long parked;

    Verifier(RecordStore primary, RecordStore mirror, CollectionSchema<?, ?> schema) {
        this.primary = primary;
        this.mirror = mirror;
        this.schema = schema;
    }

    Verification verify(Duration patience, ProgressMeter meter) {
        long equal = 0;
        List<RecordId> suspects = new ArrayList<>();
        try (SideBySide sides = new SideBySide(primary, mirror, schema)) {
            while (sides.hasNext()) {
                Difference difference = sides.next();
                meter.one();
                if (difference == null) {
                    equal++;
                } else if (!difference.kind().isDrift()) {
                    found = found.plus(difference.kind());
                } else {
                    suspects.add(difference.id());
                }
                if (suspects.size() >= CHUNK) {
                    look(suspects);
                    suspects.clear();
                }
            }
        }
        look(suspects);
        settle(System.nanoTime() + patience.toNanos());
        meter.finish();
        return new Verification(
                schema.name(),
                found.plusEqual(equal),
                pending,
                parked,
                List.copyOf(named),
                named.size() == found.different());
    }

    /** Looks at each waiting suspect again until all are decided or patience has ended. */
    private void settle(long end) {
        while (!waiting.isEmpty()) {
            look(List.copyOf(waiting.keySet()));
            if (waiting.isEmpty()
                    || System.nanoTime() - end >= 0
                    || Thread.currentThread().isInterrupted()) {
                break;
            }
            LockSupport.parkNanos(PAUSE);
        }
        Set<RecordId> refused = new HashSet<>();
        if (!waiting.isEmpty()) {
            for (ParkedRecord record : primary.pending().parked(schema)) {
                refused.add(record.mark().id());
            }
        }
        for (RecordId id : waiting.keySet()) {
            if (refused.contains(id)) {
                parked++;
            } else {
                pending++;
            }
        }
        waiting.clear();
    }

    private void look(List<RecordId> suspects) {
        for (int from = 0; from < suspects.size(); from += CHUNK) {
            lookAtChunk(suspects.subList(from, Math.min(from + CHUNK, suspects.size())));
        }
    }

    private void lookAtChunk(List<RecordId> suspects) {
        for (RecordId id : suspects) {
            Look before = waiting.remove(id);
            Look look = before == null ? look(id) : before;
            Look again = look(id);
            Kind kind = again.kind();
            if (kind == null || kind == Kind.VERSION) {
                found = found.plusEqual(1);
            } else if (kind.isDrift() && !look.pending() && !again.pending() && look.sameAs(again)) {
                found = found.plus(kind);
                if (named.size() < NAMED_AT_MOST) {
                    named.add(new Verification.Finding(id, kind));
                }
            } else if (waiting.size() < WAITING_AT_MOST) {
                waiting.put(id, again);
            } else {
                pending++;
            }
        }
    }

    private Look look(RecordId id) {
        RawRecord left = primary.find(schema, id).orElse(null);
        boolean isPending = !primary.pending().among(schema, List.of(id)).isEmpty();
        RawRecord right = mirror.find(schema, id).orElse(null);
        return new Look(kind(left, right), version(left), version(right), isPending);
    }

    private @Nullable Kind kind(@Nullable RawRecord left, @Nullable RawRecord right) {
        if (left == null) {
            return right == null ? null : Kind.EXTRA;
        }
        return right == null ? Kind.MISSING : SideBySide.kind(schema, left, right);
    }

    private static long version(@Nullable RawRecord record) {
        return record == null ? 0 : record.version();
    }
}
