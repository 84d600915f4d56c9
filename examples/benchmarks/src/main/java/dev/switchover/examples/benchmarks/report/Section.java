package dev.switchover.examples.benchmarks.report;

import dev.switchover.examples.benchmarks.harness.Comparison;
import java.util.List;

/**
 * One table of the report.
 *
 * @param against further ratios, besides those to the first alternative
 * @param targets what some of the ratios are wanted to be
 * @param notes what else was seen, a paragraph each
 */
public record Section(Comparison comparison, List<Against> against, List<Target> targets, List<String> notes) {

    public Section {
        against = List.copyOf(against);
        targets = List.copyOf(targets);
        notes = List.copyOf(notes);
    }

    public Section(Comparison comparison, List<Against> against, List<Target> targets) {
        this(comparison, against, targets, List.of());
    }

    public Section(Comparison comparison) {
        this(comparison, List.of(), List.of());
    }

    /** One alternative of the run against another one of it. */
    public record Against(String alternative, String baseline) {}
}
