package dev.switchover.dualwrite.testing;

import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ledger of a {@link MemoryDisk}. */
final class MemoryLedger implements Ledger {

    private final MemoryStore process;
    private final MemoryDisk disk;

    MemoryLedger(MemoryStore process) {
        this.process = process;
        this.disk = process.disk();
    }

    @Override
    public Optional<LedgerEntry> read(CollectionSchema<?, ?> schema) {
        return process.call(Call.of(Operation.READ_LEDGER, schema), () -> {
            CollectionState state = disk.state(schema);
            LedgerEntry entry = state.entry;
            return entry == null ? Optional.empty() : Optional.of(present(state, entry));
        });
    }

    private LedgerEntry present(CollectionState state, LedgerEntry entry) {
        return new LedgerEntry(
                entry.lineage(),
                entry.epoch(),
                entry.fork(),
                entry.state(),
                entry.confirmed(),
                entry.mirroring(),
                entry.term(),
                state.position(disk.timeline(), disk.clock().instant()),
                entry.seen(),
                state.highestId);
    }

    @Override
    public boolean compareAndSet(
            CollectionSchema<?, ?> schema, @Nullable LedgerEntry expected, LedgerEntry next, String reason) {
        return process.call(Call.of(Operation.COMPARE_AND_SET, schema), () -> {
            CollectionState state = disk.state(schema);
            LedgerEntry stored = state.entry;
            boolean same = stored == null ? expected == null : expected != null && stored.sameControl(expected);
            if (!same) {
                return false;
            }
            state.entry = next;
            state.counter = Math.max(state.counter, next.position().version());
            state.highestId = Math.max(state.highestId, next.highestId());
            state.history.add(reason);
            disk.harden();
            return true;
        });
    }

    @Override
    public void quiesce(CollectionSchema<?, ?> schema, Duration deadline) {
        process.call(Call.of(Operation.QUIESCE, schema), () -> null);
        disk.awaitQuiet(schema, deadline);
    }

    @Override
    public Position remember(CollectionSchema<?, ?> schema) {
        return process.call(Call.of(Operation.REMEMBER, schema), () -> {
            CollectionState state = disk.state(schema);
            state.lastToken = disk.nextToken();
            state.tokens.add(state.lastToken);
            disk.harden();
            return state.position(disk.timeline(), disk.clock().instant());
        });
    }

    @Override
    public boolean remembers(CollectionSchema<?, ?> schema, String token) {
        return process.call(
                Call.of(Operation.REMEMBERS, schema),
                () -> token.isEmpty() || disk.state(schema).tokens.contains(token));
    }

    @Override
    public void noteSeen(CollectionSchema<?, ?> schema, Fence fence, Position other) {
        process.call(Call.of(Operation.NOTE_SEEN, schema), () -> {
            CollectionState state = disk.state(schema);
            state.entry = requireFence(state, fence).withSeen(other);
            disk.harden();
            return null;
        });
    }

    private static LedgerEntry requireFence(CollectionState state, Fence fence) {
        LedgerEntry entry = state.entry;
        if (entry == null || entry.epoch() != fence.epoch() || entry.term() != fence.term()) {
            throw state.fenced(fence + " is not of the entry " + entry);
        }
        return entry;
    }

    @Override
    public boolean hasLiveLease(CollectionSchema<?, ?> schema) {
        return process.call(
                Call.of(Operation.READ_LEASE, schema),
                () -> disk.state(schema).leaseUntil.isAfter(disk.clock().instant()));
    }

    @Override
    public void renewLease(CollectionSchema<?, ?> schema, Fence fence, Duration lease) {
        process.call(Call.of(Operation.RENEW_LEASE, schema), () -> {
            CollectionState state = disk.state(schema);
            requireFence(state, fence);
            Instant now = disk.clock().instant();
            state.leaseUntil = lease.isZero() ? Instant.EPOCH : now.plus(lease);
            disk.harden();
            return null;
        });
    }

    @Override
    public void notePhase(CollectionSchema<?, ?> schema, Phase phase) {
        process.call(Call.of(Operation.NOTE_PHASE, schema), () -> {
            CollectionState state = disk.state(schema);
            if (state.entry == null) {
                throw new IllegalStateException("no entry for " + schema.name());
            }
            state.phase = phase;
            disk.harden();
            return null;
        });
    }

    @Override
    public Optional<Phase> lastPhase(CollectionSchema<?, ?> schema) {
        return process.call(Call.of(Operation.LAST_PHASE, schema), () -> Optional.ofNullable(disk.state(schema).phase));
    }
}
