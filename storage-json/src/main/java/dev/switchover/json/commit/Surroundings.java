package dev.switchover.json.commit;

import dev.switchover.json.journal.Frame;
import dev.switchover.json.journal.SegmentName;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the committer needs of the rest of the store. Called on the committer's thread. */
public interface Surroundings {

    /** Whether the directory is still ours. */
    boolean isOwner();

    /** Writes every collection down as it is in memory. @return for each, up to which frame a checkpoint is on the disk */
    Map<String, Long> checkpointEverything(SegmentName segment) throws IOException;

    /** Frames have been made visible. */
    void published(List<Frame> frames, int bytes);
}
