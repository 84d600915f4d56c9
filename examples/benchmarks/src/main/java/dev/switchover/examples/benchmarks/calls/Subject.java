package dev.switchover.examples.benchmarks.calls;

/** What is measured. */
public enum Subject {
    RAW_PGJDBC,
    JSON_ONLY,
    JSON_PRIMARY,
    DB_PRIMARY,
    DB_ONLY
}
