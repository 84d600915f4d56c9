package dev.switchover.examples.benchmarks.harness;

/**
 * One alternative against another.
 *
 * @param ofMedians the ratio of the two medians over all rounds
 * @param low the lowest ratio within one round
 * @param high the highest
 */
public record Ratio(double ofMedians, double low, double high) {}
