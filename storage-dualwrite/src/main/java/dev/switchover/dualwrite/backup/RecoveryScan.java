package dev.switchover.dualwrite.backup;

import java.util.List;

/** Everything there is to recover from, and what would come of it. Changes nothing. */
public record RecoveryScan(List<Source> sources, List<Found> collections) {

    /** What a source is. */
    public enum Kind {
        /** The records of the JSON store: its files, checkpoints and journal. */
        JSON,
        POSTGRESQL,
        BACKUP,
        /** Records that were about to be overwritten. */
        ASIDE,
        /** A write that failed; never merged, applied by itself when asked for. */
        EMERGENCY_WRITE
    }

    /**
     * A file or a store.
     *
     * @param records that could be read, envelopes included
     * @param problems what is damaged, and why it is left out if it is; records that could be read are used all the same
     * @param used whether its records are merged
     */
    public record Source(String name, String path, Kind kind, boolean used, long records, List<String> problems) {
        public Source {
            problems = List.copyOf(problems);
        }
    }

    /**
     * What is known of one collection; an envelope counts like a record.
     *
     * @param ids how many ids there are in all sources together
     * @param missing how many of them the authority has nothing of; {@code missingIds} names the first
     * @param newer how many are newer elsewhere than in the authority
     * @param deletedLater how many of the missing ones a whole, later source lacks: they were deleted
     */
    public record Found(
            String name,
            long ids,
            long missing,
            long newer,
            long deletedLater,
            List<String> missingIds,
            List<String> newerIds) {
        public Found {
            missingIds = List.copyOf(missingIds);
            newerIds = List.copyOf(newerIds);
        }
    }

    public RecoveryScan {
        sources = List.copyOf(sources);
        collections = List.copyOf(collections);
    }

    /** Whether the authority has the newest of everything that was found. */
    public boolean nothingToRecover() {
        return collections.stream().allMatch(one -> one.missing() + one.newer() == 0);
    }

    public String toJson() {
        return Json.write(this);
    }
}
