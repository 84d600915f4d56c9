package dev.switchover.examples.benchmarks.calls;

/** What is measured. */
public enum Subject {
    RAW_PGJDBC,
    /** The JSON store itself, without a router. */
    JSON_ALONE,
    JSON_ONLY,
    JSON_PRIMARY,
    DB_PRIMARY,
    DB_ONLY
}
