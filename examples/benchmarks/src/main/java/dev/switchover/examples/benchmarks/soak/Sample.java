package dev.switchover.examples.benchmarks.soak;

/**
 * What one interval of a soak came to.
 *
 * @param seconds since its beginning
 * @param heapMegabytes in use after a collection
 * @param fileMegabytes of the directory: the JSON file, its journal, what lies beside them
 * @param tables of the library
 * @param plain the table in which the same writes are repeated
 * @param pendingRecords how many waited for the mirror at the end of the interval
 * @param p50Micros half of the calls took no longer
 * @param p99Micros 99 of 100 took no longer
 * @param callsASecond of all callers together
 */
record Sample(
        double seconds,
        double heapMegabytes,
        double fileMegabytes,
        TableSizes tables,
        TableSizes plain,
        double pendingRecords,
        double p50Micros,
        double p99Micros,
        double callsASecond) {}
