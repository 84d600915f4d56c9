package dev.switchover.examples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Measure;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    /** Of {@code ours} to {@code theirs}: 2, of which the middle half is 1.5 to 3. */
    private static Section section(String title, Target... targets) {
        Map<String, List<Double>> amounts = new LinkedHashMap<>();
        amounts.put("theirs", List.of(2.0, 2.0, 2.0, 2.0, 2.0));
        amounts.put("ours", List.of(18.0, 3.0, 4.0, 6.0, 2.0));
        return new Section(Comparison.amounts(Comparison.Kind.BYTES, title, 0.5, amounts), List.of(), List.of(targets));
    }

    private static Target atMost(double limit) {
        return Target.atMost("ours", "theirs", Measure.P50, limit);
    }

    private static String markdown(Section... sections) {
        return markdown(3, List.of(), sections);
    }

    /** @param measured of three scenarios */
    private static String markdown(int measured, List<String> leftOut, Section... sections) {
        Instant begun = Instant.parse("2026-02-03T23:05:06.789Z");
        Occasion occasion = new Occasion(
                "abc1234, with uncommitted changes",
                begun,
                begun.plus(Duration.ofSeconds(3725)),
                List.of("short", "router", "records=5"),
                measured,
                3,
                leftOut);
        return new Report(occasion, new Machine(Map.of("cores", "2")), List.of(sections)).markdown();
    }

    @Test
    void targetsAreCountedByVerdictAndStandInTheOrderOfTheSections() {
        String report = markdown(
                section("second of the alphabet", atMost(3), atMost(2), atMost(1.2)),
                section("first of the alphabet", atMost(1.9), Target.atLeast("ours", "theirs", Measure.P50, 4)));
        assertThat(report)
                .contains("\nOf 5: 1 met, 2 on the line (1 met and 1 missed by the median), 2 missed. ")
                .containsSubsequence(
                        "| second of the alphabet | ours | theirs | ≤ 3.00 | 2.00 (1.50–3.00) | met |\n",
                        "| second of the alphabet | ours | theirs | ≤ 2.00 | 2.00 (1.50–3.00) | on the line, met |\n",
                        "| second of the alphabet | ours | theirs | ≤ 1.20 | 2.00 (1.50–3.00) | **missed** |\n",
                        "| first of the alphabet | ours | theirs | ≤ 1.90 | 2.00 (1.50–3.00) | on the line, missed |\n",
                        "| first of the alphabet | ours | theirs | ≥ 4.00 | 2.00 (1.50–3.00) | **missed** |\n");
    }

    @Test
    void theHeadSaysOfWhatCodeWhenAndHowItWasMeasured() {
        assertThat(markdown(section("alone"))).startsWith("""
                        # Measured

                        | | |
                        |---|---|
                        | commit | abc1234, with uncommitted changes |
                        | begun | 2026-02-03 23:05:06 UTC |
                        | took | 62 min 5 s |
                        | arguments | short router records=5 |
                        | cores | 2 |
                        """).doesNotContain("Left out");
    }

    @Test
    void theHeadSaysWhatIsMissing() {
        assertThat(markdown(2, List.of("`jobs`, for a reason."), section("alone")))
                .contains("\n| scenarios measured | 2 of 3 |\n")
                .containsSubsequence("\nLeft out: `jobs`, for a reason.\n", "\n## alone\n");
    }

    @Test
    void withoutTargetsNothingIsSaidOfThem() {
        assertThat(markdown(section("alone"))).contains("## alone").doesNotContain("## Targets");
    }
}
