package dev.switchover.examples.benchmarks.soak;

/** What a caller has written, to be written likewise elsewhere. */
interface Write {

    /** Of a call that only read. */
    Write NONE = table -> {};

    void repeat(PlainTable table) throws Exception;
}
