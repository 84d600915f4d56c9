package dev.switchover.dualwrite.backup;

import java.time.Instant;
import java.util.List;

/**
 * What a restore would change, as of the moment it was asked for.
 *
 * @param backup name of the backup
 * @param time when it was made
 * @param bytes of all bodies that would be written
 */
public record RestorePlan(String backup, String path, Instant time, long bytes, List<Changes> collections) {

    /**
     * The changes of one collection; an envelope counts like a record, under the empty id.
     *
     * @param added only the backup has them; {@code addedIds} names the first
     * @param changed both have them, and they differ in body or place
     * @param removed only the store has them: they would be deleted
     * @param equal both have the same
     */
    public record Changes(
            String name,
            long added,
            long changed,
            long removed,
            long equal,
            List<String> addedIds,
            List<String> changedIds,
            List<String> removedIds) {

        public Changes {
            addedIds = List.copyOf(addedIds);
            changedIds = List.copyOf(changedIds);
            removedIds = List.copyOf(removedIds);
        }

        /** How many records would not be as they are. */
        public long total() {
            return added + changed + removed;
        }
    }

    public RestorePlan {
        collections = List.copyOf(collections);
    }

    /** Whether everything is as it is in the backup already. */
    public boolean changesNothing() {
        return collections.stream().allMatch(one -> one.total() == 0);
    }

    public String toJson() {
        return Json.write(this);
    }
}
