package dev.switchover.examples.benchmarks.soak;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** One of the things that have to stay as they are. */
enum Curve {
    HEAP("heap_mib", "heap after a collection, MiB", Sample::heapMegabytes),
    FILES("directory_mib", "directory, MiB", Sample::fileMegabytes),
    TABLES(
            "tables_mib",
            "tables and indexes, MiB",
            sample -> mebi(sample.tables().all())),
    RECORDS(
            "records_mib",
            "records' table and its indexes, MiB",
            sample -> mebi(sample.tables().recordsWithIndexes())),
    RECORD_INDEXES(
            "record_indexes_kib",
            "indexes of the records' table, KiB",
            sample -> kibi(sample.tables().recordIndexes())),
    PENDING_TABLE(
            "pending_table_kib",
            "pending table and its indexes, KiB",
            sample -> kibi(sample.tables().pending())),
    OTHER_TABLES(
            "other_tables_kib",
            "other tables and their indexes, KiB",
            sample -> kibi(sample.tables().others())),
    PLAIN_TABLE(
            "plain_table_mib",
            "a plain table and its index after the same writes, MiB",
            sample -> mebi(sample.plain().recordsWithIndexes())),
    PLAIN_INDEX(
            "plain_index_kib",
            "index of that plain table, KiB",
            sample -> kibi(sample.plain().recordIndexes())),
    PENDING("pending_records", "pending records", Sample::pendingRecords),
    P50("p50_us", "p50, µs", Sample::p50Micros),
    P99("p99_us", "p99, µs", Sample::p99Micros),
    CALLS("calls_a_second", "calls a second", Sample::callsASecond);

    private final String column;
    private final String title;
    private final ToDoubleFunction<Sample> value;

    Curve(String column, String title, ToDoubleFunction<Sample> value) {
        this.column = column;
        this.title = title;
        this.value = value;
    }

    /** As it is called where programs read it. */
    String column() {
        return column;
    }

    String title() {
        return title;
    }

    double of(Sample sample) {
        return value.applyAsDouble(sample);
    }

    List<Double> of(List<Sample> samples) {
        return samples.stream().map(this::of).toList();
    }

    private static double kibi(long bytes) {
        return bytes / 1024.0;
    }

    private static double mebi(long bytes) {
        return kibi(bytes) / 1024;
    }
}
