package dev.switchover.examples.benchmarks.harness;

import java.util.List;

/**
 * What came of one run.
 *
 * @param kind of what the times are
 * @param title what was done
 * @param threads how many did it at once
 * @param loadBefore the machine's load average when the run began, negative where it is not known
 * @param series one for each alternative; the first is the baseline
 */
public record Comparison(Kind kind, String title, int threads, double loadBefore, List<Series> series) {

    /** Many calls by many threads, or one job at a time, each slot a whole one. */
    public enum Kind {
        CALLS,
        JOBS
    }

    public Comparison {
        series = List.copyOf(series);
    }

    public Series baseline() {
        return series.get(0);
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public Series named(String name) {
        return series.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No alternative is called " + name));
    }
}
