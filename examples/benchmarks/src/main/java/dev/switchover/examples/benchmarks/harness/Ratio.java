package dev.switchover.examples.benchmarks.harness;

/**
 * One alternative against another.
 *
 * @param median of the ratios within one round each
 * @param low of these, a quarter is below
 * @param high a quarter is above
 */
public record Ratio(double median, double low, double high) {}
