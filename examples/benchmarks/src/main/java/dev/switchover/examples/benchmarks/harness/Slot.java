package dev.switchover.examples.benchmarks.harness;

/**
 * What one alternative did in one round.
 *
 * @param calls how many ended
 * @param p50Micros half of them took no longer, in microseconds; of an amount that is no time, the amount
 * @param p99Micros 99 of 100 took no longer
 * @param callsASecond of all threads together
 */
public record Slot(long calls, double p50Micros, double p99Micros, double callsASecond) {

    static Slot ofAmount(double amount) {
        return new Slot(1, amount, amount, 0);
    }

    static Slot of(LatencyHistogram latencies, long elapsedNanos) {
        return new Slot(
                latencies.total(),
                latencies.quantile(0.50) / 1e3,
                latencies.quantile(0.99) / 1e3,
                latencies.total() * 1e9 / elapsedNanos);
    }
}
