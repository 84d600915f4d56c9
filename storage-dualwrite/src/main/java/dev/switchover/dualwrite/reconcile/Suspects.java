package dev.switchover.dualwrite.reconcile;

import dev.switchover.dualwrite.reconcile.Difference.Kind;
import dev.switchover.dualwrite.reconcile.Verification.Finding;
import dev.switchover.dualwrite.reconcile.Verification.Why;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at ids in both stores, in the order from which something follows: the primary's records, whether the ids are pending, the
 * mirror's records; see {@link Verifier}. Used by one thread.
 */
public final class Suspects {

    private static final int PATHS_AT_MOST = 20;

    /** What is held of the primary's records while the mirror is asked. */
    private static final long BYTES_AT_ONCE = 8L << 20;

    private final StoreView primary;
    private final StoreView mirror;
    private final CollectionSchema<?, ?> schema;

    public Suspects(StoreView primary, StoreView mirror, CollectionSchema<?, ?> schema) {
        this.primary = primary;
        this.mirror = mirror;
        this.schema = schema;
    }

    /**
     * What a look at both stores found.
     *
     * @param kind null if they hold the same
     * @param left the primary's version, 0 if it has none of the id, -1 if it cannot be read
     */
    public record Look(@Nullable Kind kind, long left, long right, boolean pending, List<String> paths) {

        /** Whether it is the same pair of states. */
        public boolean sameAs(Look other) {
            return left == other.left && right == other.right;
        }

        Finding finding(RecordId id, Why why) {
            return new Finding(id, kind == null ? Kind.VERSION : kind, why, paths, left, right);
        }
    }

    /** A record, or that there is none, or that it cannot be read. */
    private record Held(@Nullable RawRecord record, boolean unreadable) {
        private long version() {
            return unreadable ? -1 : record == null ? 0 : record.version();
        }
    }

    /** All of them, in the order given. */
    public Map<RecordId, Look> look(List<RecordId> ids) {
        Map<RecordId, Look> looks = new LinkedHashMap<>();
        int next = 0;
        while (next < ids.size()) {
            primary.refresh();
            List<Held> lefts = new ArrayList<>();
            long bytes = 0;
            int from = next;
            while (next < ids.size() && (next == from || bytes < BYTES_AT_ONCE)) {
                Held left = find(primary, ids.get(next++));
                bytes += left.record() == null ? 0 : left.record().body().length;
                lefts.add(left);
            }
            List<RecordId> some = ids.subList(from, next);
            Set<RecordId> pending = new HashSet<>(primary.among(schema, some));
            mirror.refresh();
            for (int i = 0; i < some.size(); i++) {
                RecordId id = some.get(i);
                looks.put(id, compare(lefts.get(i), find(mirror, id), pending.contains(id)));
            }
        }
        return looks;
    }

    private Held find(StoreView store, RecordId id) {
        try {
            return new Held(store.find(schema, id).orElse(null), false);
        } catch (InvalidRecordException e) {
            return new Held(null, true);
        }
    }

    private Look compare(Held left, Held right, boolean pending) {
        Kind kind = left.unreadable() || right.unreadable() ? Kind.UNREADABLE : kind(left.record(), right.record());
        return look(kind, left, right, pending);
    }

    private @Nullable Kind kind(@Nullable RawRecord left, @Nullable RawRecord right) {
        if (left == null) {
            return right == null ? null : Kind.EXTRA;
        }
        return right == null ? Kind.MISSING : SideBySide.kind(schema, left, right);
    }

    /** Of a difference that nothing can change any more. */
    static Look look(Difference difference) {
        boolean unreadable = difference.kind() == Kind.UNREADABLE;
        return look(
                difference.kind(),
                new Held(difference.left(), unreadable && difference.left() == null),
                new Held(difference.right(), unreadable && difference.right() == null),
                false);
    }

    private static Look look(@Nullable Kind kind, Held left, Held right, boolean pending) {
        RawRecord a = left.record();
        RawRecord b = right.record();
        List<String> paths = kind == Kind.CONTENT && a != null && b != null
                ? ContentPaths.of(a.body(), b.body(), PATHS_AT_MOST)
                : List.of();
        return new Look(kind, left.version(), right.version(), pending, paths);
    }
}
