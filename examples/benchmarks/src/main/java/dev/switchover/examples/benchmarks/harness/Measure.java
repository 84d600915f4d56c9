package dev.switchover.examples.benchmarks.harness;

/** What is compared. */
public enum Measure {
    P50,
    P99,
    THROUGHPUT;

    public double of(Slot slot) {
        return switch (this) {
            case P50 -> slot.p50Micros();
            case P99 -> slot.p99Micros();
            case THROUGHPUT -> slot.callsASecond();
        };
    }
}
