package dev.switchover.examples.benchmarks.harness;

import java.util.function.ToDoubleFunction;

/** What is compared. */
public enum Measure {
    P50(Slot::p50Micros),
    P99(Slot::p99Micros),
    THROUGHPUT(Slot::callsASecond);

    private final ToDoubleFunction<Slot> value;

    Measure(ToDoubleFunction<Slot> value) {
        this.value = value;
    }

    public double of(Slot slot) {
        return value.applyAsDouble(slot);
    }
}
