package dev.switchover.json;

import dev.switchover.json.commit.Committer;
import dev.switchover.json.commit.Draft;
import dev.switchover.json.journal.Change;
import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.Pending;
import dev.switchover.json.records.StoreState;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.ParkedRecord;
import dev.switchover.storage.spi.PendingBatch;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingSet;
import dev.switchover.storage.spi.PendingSummary;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** The pending ids in the journal. */
final class JsonPendingSet implements PendingSet {

    private final StoreState state;
    private final Committer committer;
    private final Clock clock;

    JsonPendingSet(StoreState state, Committer committer, Clock clock) {
        this.state = state;
        this.committer = committer;
        this.clock = clock;
    }

    @Override
    public PendingBatch take(Collection<CollectionSchema<?, ?>> schemas, int records, long bytes) {
        List<CollectionState> collections = schemas.stream().map(state::of).toList();
        return state.read(() -> new TakenPending(collections).take(records, bytes));
    }

    /** Not forced: an acknowledgement that is lost only repeats work. */
    @Override
    public void acknowledge(Map<CollectionSchema<?, ?>, Fence> fences, Collection<PendingMark> marks) {
        committer.append(draft -> {
            for (PendingMark mark : marks) {
                Fences.requireAuthority(draft, mark.schema(), Fences.of(fences, mark.schema()));
            }
            Map<CollectionSchema<?, ?>, Long> reached = new HashMap<>();
            for (PendingMark mark : marks) {
                if (has(draft, mark)) {
                    draft.add(mark.schema(), new Change.Unmark(mark.schema().name(), mark.id(), mark.version()));
                    reached.merge(mark.schema(), mark.version(), Math::max);
                }
            }
            reached.forEach((schema, version) -> mirrorReached(draft, schema, version));
            return marks;
        });
    }

    private static void mirrorReached(Draft draft, CollectionSchema<?, ?> schema, long version) {
        LedgerEntry entry = draft.entry(schema);
        if (entry != null && !entry.seen().isNone() && entry.seen().version() < version) {
            draft.add(schema, new Change.Seen(schema.name(), entry.seen().atLeast(version)));
        }
    }

    private static boolean has(Draft draft, PendingMark mark) {
        Pending pending = draft.pending(mark.schema(), mark.id());
        return pending != null && pending.version() == mark.version();
    }

    @Override
    public void mark(CollectionSchema<?, ?> schema, Fence fence, Collection<RecordId> ids) {
        long now = clock.millis();
        committer.commit(draft -> {
            Fences.requireAuthority(draft, schema, fence);
            for (RecordId id : ids) {
                mark(draft, schema, id, now);
            }
            return ids;
        });
    }

    private static void mark(Draft draft, CollectionSchema<?, ?> schema, RecordId id, long now) {
        Pending old = draft.pending(schema, id);
        long version = draft.nextVersion(schema);
        String name = schema.name();
        if (old == null) {
            draft.add(schema, new Change.Mark(name, id, version, 0, now));
            return;
        }
        // A fresh version all the same: an acknowledgement under way must not remove what was found just now.
        draft.add(schema, new Change.Mark(name, id, version, old.unit(), old.since()));
        String parked = old.parked();
        if (parked != null) {
            draft.add(schema, new Change.Park(name, id, version, parked));
        }
    }

    @Override
    public void park(Fence fence, PendingMark mark, String reason) {
        committer.commit(draft -> {
            Fences.requireAuthority(draft, mark.schema(), fence);
            if (has(draft, mark)) {
                draft.add(mark.schema(), new Change.Park(mark.schema().name(), mark.id(), mark.version(), reason));
            }
            return mark;
        });
    }

    @Override
    public List<ParkedRecord> parked(CollectionSchema<?, ?> schema) {
        return state.read(schema, collection -> parked(schema, collection));
    }

    static List<ParkedRecord> parked(CollectionSchema<?, ?> schema, CollectionState collection) {
        return collection.pending().parked().stream()
                .map(pending -> new ParkedRecord(mark(schema, pending), String.valueOf(pending.parked())))
                .toList();
    }

    @Override
    public List<PendingMark> marks(CollectionSchema<?, ?> schema, int atMost) {
        return state.read(schema, collection -> marks(schema, collection, atMost));
    }

    static List<PendingMark> marks(CollectionSchema<?, ?> schema, CollectionState collection, int atMost) {
        return collection.pending().waiting().values().stream()
                .limit(atMost)
                .map(pending -> mark(schema, pending))
                .toList();
    }

    static PendingMark mark(CollectionSchema<?, ?> schema, Pending pending) {
        return new PendingMark(
                schema, pending.id(), pending.version(), pending.unit(), Instant.ofEpochMilli(pending.since()));
    }

    @Override
    public int retry(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return changeParked(schema, ids, (draft, pending) -> {
            draft.add(schema, new Change.Retry(schema.name(), pending.id()));
            return true;
        });
    }

    @Override
    public int discard(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return changeParked(schema, ids, (draft, pending) -> {
            draft.add(schema, new Change.Unmark(schema.name(), pending.id(), pending.version()));
            return true;
        });
    }

    private int changeParked(
            CollectionSchema<?, ?> schema, Collection<RecordId> ids, BiPredicate<Draft, Pending> change) {
        return committer.commit(draft -> {
            int changed = 0;
            for (RecordId id : ids) {
                Pending pending = draft.pending(schema, id);
                if (pending != null && pending.parked() != null && change.test(draft, pending)) {
                    changed++;
                }
            }
            return changed;
        });
    }

    @Override
    public PendingSummary summary(CollectionSchema<?, ?> schema) {
        return state.read(schema, PendingSummaries::of);
    }

    @Override
    public List<RawRecord> unmarked(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return state.read(schema, collection -> {
            List<RawRecord> unmarked = new ArrayList<>(ids.size());
            for (RecordId id : ids) {
                RawRecord present = collection.find(id);
                if (present != null && collection.pending().get(id) == null) {
                    unmarked.add(present);
                }
            }
            return unmarked;
        });
    }

    @Override
    public List<RecordId> among(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return state.read(schema, collection -> among(collection, ids));
    }

    static List<RecordId> among(CollectionState collection, Collection<RecordId> ids) {
        return ids.stream().filter(id -> collection.pending().get(id) != null).toList();
    }
}
