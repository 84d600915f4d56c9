package dev.switchover.storage.spi;

import java.util.List;

/** Who carries on what a store commits, and learns of several callers' writes at once. Thread-safe. */
@FunctionalInterface
public interface HandOver {

    /**
     * Takes what several callers have written in one durable step, on the thread of one of them and before any of them is told: then
     * they need not come one by one. Never throws, and holds the caller up no longer than a mirror may hold up a writer.
     *
     * @param written the objects that the callers are given, too
     */
    void take(List<Written> written);
}
