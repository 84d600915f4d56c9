package dev.switchover.json;

import dev.switchover.json.commit.Draft;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a mirror worker may still do what it was about to. */
final class Fences {

    private Fences() {}

    /** The entry is that of an authority, in this epoch and term. */
    static void requireAuthority(Draft draft, CollectionSchema<?, ?> schema, Fence fence) {
        LedgerEntry entry = draft.entry(schema);
        if (entry == null
                || entry.state() != State.ACTIVE
                || entry.epoch() != fence.epoch()
                || entry.term() != fence.term()) {
            throw fenced(schema, fence, entry);
        }
    }

    /** The entry is that of a mirror, or of one being made ready, in this epoch and term. */
    static void requireReceiver(Draft draft, CollectionSchema<?, ?> schema, Fence fence) {
        LedgerEntry entry = draft.entry(schema);
        if (entry == null
                || entry.state() != State.MIRROR && entry.state() != State.RECEIVING
                || entry.epoch() != fence.epoch()
                || entry.term() != fence.term()) {
            throw fenced(schema, fence, entry);
        }
    }

    static Fence of(Map<CollectionSchema<?, ?>, Fence> fences, CollectionSchema<?, ?> schema) {
        Fence fence = fences.get(schema);
        if (fence == null) {
            throw new IllegalArgumentException("no fence for " + schema.name());
        }
        return fence;
    }

    static FencedException fenced(CollectionSchema<?, ?> schema, Fence fence, @Nullable LedgerEntry entry) {
        String found = entry == null
                ? "has no entry"
                : "says " + entry.state() + " in epoch " + entry.epoch() + " and term " + entry.term();
        return new FencedException(
                schema.name(),
                "The mirror worker of epoch " + fence.epoch() + " and term " + fence.term() + " is no longer that of "
                        + schema.name() + ": the ledger of the JSON files " + found
                        + ". Nothing was done; a worker of the present term goes on");
    }
}
