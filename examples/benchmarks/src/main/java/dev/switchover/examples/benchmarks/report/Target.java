package dev.switchover.examples.benchmarks.report;

import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.harness.Ratio;

/**
 * What a ratio of one run is wanted to be.
 *
 * @param alternative its name in the run
 * @param baseline against which; its name in the same run
 * @param most whether it may be at most the limit, or has to be at least that
 */
public record Target(String alternative, String baseline, Measure measure, boolean most, double limit) {

    public static Target atMost(String alternative, String baseline, Measure measure, double limit) {
        return new Target(alternative, baseline, measure, true, limit);
    }

    public static Target atLeast(String alternative, String baseline, Measure measure, double limit) {
        return new Target(alternative, baseline, measure, false, limit);
    }

    Ratio seen(Comparison comparison) {
        return comparison.named(alternative).to(comparison.named(baseline), measure);
    }

    Verdict verdict(Comparison comparison) {
        return Verdict.of(seen(comparison), most, limit);
    }
}
