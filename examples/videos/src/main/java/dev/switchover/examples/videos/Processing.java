package dev.switchover.examples.videos;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts the scripture references of a transcript. Pure, but for the clock. */
final class Processing {

    private Processing() {}

    static Video of(Transcript transcript, Clock clock) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        Map<String, Integer> suspects = new LinkedHashMap<>();
        Map<String, List<Integer>> positions = new LinkedHashMap<>();
        int words = 0;
        for (Transcript.Line line : transcript.lines()) {
            words += line.text().split("\\s+").length;
            for (Bible.Mention mention : Bible.mentions(line.text())) {
                if (mention.reference() == null) {
                    suspects.merge(mention.book(), 1, Integer::sum);
                } else {
                    counts.merge(mention.book(), 1, Integer::sum);
                    positions
                            .computeIfAbsent(mention.reference(), reference -> new ArrayList<>())
                            .add(line.second());
                }
            }
        }
        VideoStats stats = new VideoStats(words, sum(counts), positions.size(), sum(suspects));
        return new Video(
                transcript.videoId(),
                transcript.title(),
                transcript.url(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                stats,
                counts,
                suspects,
                positions);
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
