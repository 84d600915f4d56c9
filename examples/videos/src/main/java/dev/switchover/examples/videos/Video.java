package dev.switchover.examples.videos;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One processed video.
 *
 * @param counts references by book
 * @param suspectCounts suspects by what was said
 * @param positions the seconds at which each reference is said
 */
record Video(
        @JsonProperty("video_id") String videoId,
        @Nullable String title,
        @Nullable String url,
        @JsonProperty("processed_at") Instant processedAt,
        VideoStats stats,
        Map<String, Integer> counts,
        @JsonProperty("suspect_counts") Map<String, Integer> suspectCounts,
        Map<String, List<Integer>> positions) {}
