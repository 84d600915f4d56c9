package dev.switchover.examples.videos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessingTest {

    @Test
    void referencesAreCountedByBookAndFoundAgainInTime() {
        Video video = RunningWeb.video(
                "a1",
                "title: On love",
                "url: https://videos.example/a1",
                "[00:10] Turn to John 3:16, then to 1 John 4:8-10.",
                "[01:02:03] Again John 3:16, and Psalm 23");

        assertThat(video.title()).isEqualTo("On love");
        assertThat(video.url()).isEqualTo("https://videos.example/a1");
        assertThat(video.counts()).isEqualTo(Map.of("John", 2, "1 John", 1, "Psalms", 1));
        assertThat(video.positions())
                .isEqualTo(Map.of(
                        "John 3:16", List.of(10, 3723), "1 John 4:8-10", List.of(10), "Psalms 23", List.of(3723)));
        assertThat(video.stats().scriptureReferences()).isEqualTo(4);
        assertThat(video.stats().distinctReferences()).isEqualTo(3);
    }

    @Test
    void aBareNameAndAChapterThatNoBookHasAreSuspects() {
        Video video = RunningWeb.video("a1", "Mark told us about John 99 and the Acts", "Marker and 7 John");

        assertThat(video.counts()).isEmpty();
        assertThat(video.suspectCounts()).isEqualTo(Map.of("Mark", 1, "John", 2, "Acts", 1));
        assertThat(video.stats().suspects()).isEqualTo(4);
    }

    @Test
    void linesWithoutATimeHaveThatOfTheLineBefore() {
        Video video = RunningWeb.video("a1", "Ruth 1", "", "[02:00] and", "Ruth 2");

        assertThat(video.positions()).isEqualTo(Map.of("Ruth 1", List.of(0), "Ruth 2", List.of(120)));
    }

    @Test
    void anEmptyTranscriptIsAVideoWithoutReferences() {
        assertThat(RunningWeb.video("a1").stats()).isEqualTo(new VideoStats(0, 0, 0, 0));
    }
}
