package dev.switchover.examples.benchmarks.harness;

import java.util.stream.DoubleStream;

/** The middle of some numbers. */
public final class Medians {

    private Medians() {}

    public static double of(DoubleStream numbers) {
        double[] sorted = numbers.sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("There is no middle of nothing");
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
