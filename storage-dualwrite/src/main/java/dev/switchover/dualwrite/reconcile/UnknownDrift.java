package dev.switchover.dualwrite.reconcile;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets through only the drift that nobody knows of: ids that are neither pending nor parked in the store that is right. Asks for
 * many at once, so it is to be flushed at the end. Used by one thread.
 */
public final class UnknownDrift implements DifferenceSink {

    private static final int ASKED_AT_ONCE = 500;

    private final RecordStore right;
    private final CollectionSchema<?, ?> schema;
    private final DifferenceSink unknown;
    private final List<Difference> waiting = new ArrayList<>();

    /**
     * @param right the store that is right
     * @param unknown takes each of them; what it took is forced after each batch
     */
    public UnknownDrift(RecordStore right, CollectionSchema<?, ?> schema, DifferenceSink unknown) {
        this.right = right;
        this.schema = schema;
        this.unknown = unknown;
    }

    @Override
    public void accept(Difference difference) {
        if (!difference.kind().isDrift()) {
            return;
        }
        waiting.add(difference);
        if (waiting.size() >= ASKED_AT_ONCE) {
            force();
        }
    }

    /** What was handed over so far has been let through, and is forced there. */
    @Override
    public void force() {
        if (waiting.isEmpty()) {
            return;
        }
        List<RecordId> ids = waiting.stream().map(Difference::id).toList();
        Set<RecordId> known = new HashSet<>(right.pending().among(schema, ids));
        for (Difference difference : waiting) {
            if (!known.contains(difference.id())) {
                unknown.accept(difference);
            }
        }
        waiting.clear();
        unknown.force();
    }
}
