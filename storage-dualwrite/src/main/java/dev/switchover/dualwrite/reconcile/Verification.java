package dev.switchover.dualwrite.reconcile;

import dev.switchover.storage.schema.RecordId;
import java.util.List;

/**
 * What a verification found.
 *
 * @param counts what is equal, and what differs without a reason: the drift
 * @param pending ids that differed and were still pending at the end, or that kept changing
 * @param parked ids that differ because the mirror refuses them
 * @param notMirrored ids that differ while nothing is mirrored
 * @param drift the first of the drifting ids
 * @param explained the first of the others
 * @param complete whether {@code drift} and {@code explained} name all of them
 */
public record Verification(
        String collection,
        Counts counts,
        long pending,
        long parked,
        long notMirrored,
        List<Finding> drift,
        List<Finding> explained,
        boolean complete) {

    public Verification {
        drift = List.copyOf(drift);
        explained = List.copyOf(explained);
    }

    /** Why an id differs. */
    public enum Why {
        /** It has not reached the mirror yet; the mirror worker carries it over. */
        PENDING,
        /** The mirror refuses it. */
        PARKED,
        /** The primary records nothing as pending: the other store is as old as the end of mirroring. */
        NOT_MIRRORED,
        /** There is no reason: one of the stores was written round the library, put back, or lost something. */
        DRIFT
    }

    /**
     * An id and in what it differs.
     *
     * @param paths of a difference in content: where, as JSON pointers, the first of them. Empty if only the texts differ
     * @param primaryVersion 0 where the record is not, -1 where it cannot be read
     */
    public record Finding(
            RecordId id, Difference.Kind kind, Why why, List<String> paths, long primaryVersion, long mirrorVersion) {

        public Finding {
            paths = List.copyOf(paths);
        }
    }

    /** Whether there is no drift. */
    public boolean clean() {
        return counts.different() == 0;
    }

    /** How many ids differ, for whatever reason. */
    public long different() {
        return counts.different() + pending + parked + notMirrored;
    }

    @Override
    public String toString() {
        return collection + ": " + counts + ", " + pending + " pending, " + parked + " parked"
                + (notMirrored == 0 ? "" : ", " + notMirrored + " not mirrored");
    }
}
