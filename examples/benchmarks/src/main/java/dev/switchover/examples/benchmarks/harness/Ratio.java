package dev.switchover.examples.benchmarks.harness;

/**
 * One alternative against another.
 *
 * @param ofMedians the ratio of the two medians over all rounds
 * @param low of the ratios within one round each, a quarter is below
 * @param high a quarter is above
 */
public record Ratio(double ofMedians, double low, double high) {}
