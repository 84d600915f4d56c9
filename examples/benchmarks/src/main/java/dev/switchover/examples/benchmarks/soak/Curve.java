package dev.switchover.examples.benchmarks.soak;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** One of the things that have to stay as they are. */
enum Curve {
    HEAP("heap after a collection, MiB", Sample::heapMegabytes),
    FILES("directory, MiB", Sample::fileMegabytes),
    TABLES("tables and indexes, MiB", Sample::tableMegabytes),
    PENDING_TABLE("pending table and its indexes, KiB", Sample::pendingTableKilobytes),
    PENDING("pending records", Sample::pendingRecords),
    P50("p50, µs", Sample::p50Micros),
    P99("p99, µs", Sample::p99Micros),
    CALLS("calls a second", Sample::callsASecond);

    private final String title;
    private final ToDoubleFunction<Sample> value;

    Curve(String title, ToDoubleFunction<Sample> value) {
        this.title = title;
        this.value = value;
    }

    String title() {
        return title;
    }

    List<Double> of(List<Sample> samples) {
        return samples.stream().map(value::applyAsDouble).toList();
    }
}
