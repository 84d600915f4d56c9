package dev.switchover.storage.repository;

import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A ledger of entries alone, as a store without a mirror needs it. */
final class InMemoryLedger implements Ledger {

    final Map<String, LedgerEntry> entries = new HashMap<>();
    private final Set<String> tokens = new HashSet<>(Set.of(""));
    private final Map<String, Phase> phases = new HashMap<>();

    @Override
    public Optional<LedgerEntry> read(CollectionSchema<?, ?> schema) {
        return Optional.ofNullable(entries.get(schema.name()));
    }

    @Override
    public boolean compareAndSet(
            CollectionSchema<?, ?> schema, @Nullable LedgerEntry expected, LedgerEntry next, String reason) {
        LedgerEntry present = entries.get(schema.name());
        boolean same = present == null ? expected == null : expected != null && present.sameControl(expected);
        if (same) {
            entries.put(schema.name(), next);
        }
        return same;
    }

    @Override
    public void quiesce(CollectionSchema<?, ?> schema, Duration deadline) {}

    @Override
    public Position remember(CollectionSchema<?, ?> schema) {
        String token = UUID.randomUUID().toString();
        tokens.add(token);
        return new Position("memory", 0, token, Instant.EPOCH);
    }

    @Override
    public boolean remembers(CollectionSchema<?, ?> schema, String token) {
        return tokens.contains(token);
    }

    @Override
    public void noteSeen(CollectionSchema<?, ?> schema, Fence fence, Position other) {
        throw new UnsupportedOperationException("no mirror");
    }

    @Override
    public void notePhase(CollectionSchema<?, ?> schema, Phase phase) {
        phases.put(schema.name(), phase);
    }

    @Override
    public Optional<Phase> lastPhase(CollectionSchema<?, ?> schema) {
        return Optional.ofNullable(phases.get(schema.name()));
    }

    @Override
    public boolean hasLiveLease(CollectionSchema<?, ?> schema) {
        return false;
    }

    @Override
    public void renewLease(CollectionSchema<?, ?> schema, Fence fence, Duration lease) {
        throw new UnsupportedOperationException("no mirror");
    }
}
