package dev.switchover.examples.expenses.demo;

import java.util.List;

/** Hears of each write before it is tried and after it was acknowledged. Thread-safe. */
interface AckJournal {

    /** @param writer at most one write of each writer is under way */
    void tried(int writer, List<Change> changes);

    /** What was tried is durable by the library's word; now with all ids. */
    void acknowledged(int writer, List<Change> changes);
}
