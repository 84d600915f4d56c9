package dev.switchover.examples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Measure;
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
        return new Report(new Machine(Map.of("cores", "2")), List.of(sections)).markdown();
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
    void withoutTargetsNothingIsSaidOfThem() {
        assertThat(markdown(section("alone"))).contains("## alone").doesNotContain("## Targets");
    }
}
