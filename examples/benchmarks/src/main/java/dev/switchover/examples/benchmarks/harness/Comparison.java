package dev.switchover.examples.benchmarks.harness;

import java.util.List;
import java.util.Map;

/**
 * What came of one run.
 *
 * @param kind what the numbers are
 * @param title what was done
 * @param threads how many did it at once
 * @param loadBefore the machine's load average when the run began, negative where it is not known
 * @param series one for each alternative; the first is the baseline
 */
public record Comparison(Kind kind, String title, int threads, double loadBefore, List<Series> series) {

    /** What one number of a slot says, and in which unit it is shown. */
    public enum Kind {
        /** Many calls by many threads. */
        CALLS("µs", 1),
        /** One job at a time, each slot a whole one. */
        JOBS("ms", 1e3),
        /** Not a time that was measured but an amount that was computed or counted, one in each slot. */
        NANOSECONDS("ns", 1),
        BYTES("bytes", 1),
        MEBIBYTES("MiB", 1);

        private final String unit;
        private final double stored;

        Kind(String unit, double stored) {
            this.unit = unit;
            this.stored = stored;
        }

        public String unit() {
            return unit;
        }

        /** Of a slot's p50, as the unit has it. */
        public double shown(double p50) {
            return p50 / stored;
        }
    }

    /**
     * Amounts side by side.
     *
     * @param series by name, an amount for each round, of all as many; the first is the baseline
     */
    public static Comparison amounts(Kind kind, String title, double loadBefore, Map<String, List<Double>> series) {
        return new Comparison(
                kind,
                title,
                1,
                loadBefore,
                series.entrySet().stream()
                        .map(one -> new Series(
                                one.getKey(),
                                one.getValue().stream().map(Slot::ofAmount).toList()))
                        .toList());
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
