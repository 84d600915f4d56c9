package dev.switchover.json;

import dev.switchover.json.commit.Committer;
import dev.switchover.json.commit.Draft;
import dev.switchover.json.directory.Holder;
import dev.switchover.json.journal.Change;
import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.StoreState;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.Token;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The ledger in the journal: an entry changes in the same order, and as durably, as the records. */
final class JsonLedger implements Ledger {

    private final StoreState state;
    private final Committer committer;
    private final UUID directory;
    private final Clock clock;

    JsonLedger(StoreState state, Committer committer, UUID directory, Clock clock) {
        this.state = state;
        this.committer = committer;
        this.directory = directory;
        this.clock = clock;
    }

    @Override
    public Optional<LedgerEntry> read(CollectionSchema<?, ?> schema) {
        return state.read(schema, collection -> Optional.ofNullable(entry(collection)));
    }

    private @Nullable LedgerEntry entry(CollectionState collection) {
        LedgerEntry entry = collection.entry();
        if (entry == null) {
            return null;
        }
        return entry.withCounters(
                position(collection.version(), collection.lastToken()),
                collection.issued().get());
    }

    private Position position(long version, String token) {
        return new Position(directory.toString(), version, token, clock.instant());
    }

    @Override
    public boolean compareAndSet(
            CollectionSchema<?, ?> schema, @Nullable LedgerEntry expected, LedgerEntry next, String reason) {
        return committer.commit(draft -> {
            LedgerEntry stored = draft.entry(schema);
            boolean same = stored == null ? expected == null : expected != null && stored.sameControl(expected);
            if (!same) {
                return false;
            }
            String name = schema.name();
            draft.add(schema, new Change.Entry(name, next));
            draft.add(schema, new Change.Counters(name, next.position().version(), next.highestId()));
            draft.add(schema, new Change.History(name, history(next, reason)));
            return true;
        });
    }

    private String history(LedgerEntry next, String reason) {
        return clock.instant() + " " + Holder.hostName() + " "
                + ProcessHandle.current().pid() + " epoch " + next.epoch() + " " + next.state()
                + (next.confirmed() ? " confirmed" : "") + " mirroring " + next.mirroring() + " term " + next.term()
                + ": " + reason;
    }

    @Override
    public void quiesce(CollectionSchema<?, ?> schema, Duration deadline) {
        // The committer takes one batch after the other, so what it took before has ended when this is taken.
        committer.force(deadline.toNanos());
    }

    @Override
    public Position remember(CollectionSchema<?, ?> schema) {
        return committer.commit(draft -> {
            String token = Token.after(draft.committed(schema).lastToken());
            draft.add(schema, new Change.Token(schema.name(), token));
            return position(draft.version(schema), token);
        });
    }

    @Override
    public boolean remembers(CollectionSchema<?, ?> schema, String token) {
        return token.isEmpty()
                || state.read(
                        schema,
                        collection -> collection.tokens().contains(token)
                                || Token.isForgotten(token, collection.lastToken()));
    }

    @Override
    public void noteSeen(CollectionSchema<?, ?> schema, Fence fence, Position other) {
        committer.commit(draft -> {
            LedgerEntry entry = requireFence(draft, schema, fence);
            draft.add(schema, new Change.Seen(schema.name(), other));
            return entry;
        });
    }

    private static LedgerEntry requireFence(Draft draft, CollectionSchema<?, ?> schema, Fence fence) {
        LedgerEntry entry = draft.entry(schema);
        if (entry == null || entry.epoch() != fence.epoch() || entry.term() != fence.term()) {
            throw Fences.fenced(schema, fence, entry);
        }
        return entry;
    }

    /** There is none: the directory's lock tells who is alive. */
    @Override
    public boolean hasLiveLease(CollectionSchema<?, ?> schema) {
        return false;
    }

    /** Checks the fence; a lease would say no more than the directory's lock. */
    @Override
    public void renewLease(CollectionSchema<?, ?> schema, Fence fence, Duration lease) {
        LedgerEntry entry = state.read(schema, collection -> Optional.ofNullable(collection.entry()))
                .orElse(null);
        if (entry == null || entry.epoch() != fence.epoch() || entry.term() != fence.term()) {
            throw Fences.fenced(schema, fence, entry);
        }
    }

    @Override
    public void notePhase(CollectionSchema<?, ?> schema, Phase phase) {
        committer.commit(draft -> {
            if (draft.entry(schema) == null) {
                throw new IllegalStateException(
                        "There is no ledger entry for " + schema.name() + " to note a phase in");
            }
            draft.add(schema, new Change.Noted(schema.name(), phase));
            return phase;
        });
    }

    @Override
    public Optional<Phase> lastPhase(CollectionSchema<?, ?> schema) {
        return state.read(schema, collection -> Optional.ofNullable(collection.phase()));
    }
}
