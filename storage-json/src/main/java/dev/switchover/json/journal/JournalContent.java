package dev.switchover.json.journal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a journal says.
 *
 * @param segments in order
 * @param gaps where frames are not to be had, which is no harm if checkpoints cover them
 * @param cut how many bytes of a torn tail were left out
 */
public record JournalContent(UUID directory, List<Segment> segments, List<Frame> frames, List<Gap> gaps, long cut) {

    /** @param lastChanges see {@link Gap} */
    public record Segment(SegmentName name, Path file, long first, Map<String, Long> lastChanges) {}

    /**
     * Frames from {@code from} on, up to the beginning of {@code before}, are not there.
     *
     * @param lastChanges of the segment behind the gap: for each collection the sequence of its last change up to there
     */
    public record Gap(long from, SegmentName before, Path file, Map<String, Long> lastChanges) {}

    public SegmentName newest() {
        return segments.get(segments.size() - 1).name();
    }

    /** The sequence of the last frame, or the one before the first to come. */
    public long lastSequence() {
        long last = segments.get(segments.size() - 1).first() - 1;
        return frames.isEmpty()
                ? last
                : Math.max(last, frames.get(frames.size() - 1).sequence());
    }
}
