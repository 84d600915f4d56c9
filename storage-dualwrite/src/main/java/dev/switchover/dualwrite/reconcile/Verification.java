package dev.switchover.dualwrite.reconcile;

import dev.switchover.storage.schema.RecordId;
import java.util.List;

/**
 * What a verification found.
 *
 * @param counts what is equal, and what differs although it is neither pending nor parked: the drift
 * @param pending ids that differed and were still pending at the end
 * @param parked ids that differ because the mirror refuses them
 * @param drift the first of the differing ids
 * @param complete whether {@code drift} names all of them
 */
public record Verification(
        String collection, Counts counts, long pending, long parked, List<Finding> drift, boolean complete) {

    /** An id and in what it differs. */
    public record Finding(RecordId id, Difference.Kind kind) {}

    /** Whether there is no drift. */
    public boolean clean() {
        return counts.different() == 0;
    }

    @Override
    public String toString() {
        return collection + ": " + counts + ", " + pending + " pending, " + parked + " parked";
    }
}
