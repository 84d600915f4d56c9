package dev.switchover.dualwrite.switchover;

import dev.switchover.storage.spi.RecordStore;

/** A store as a start was given it. */
public sealed interface Attached {

    /** It is ours to use: JSON with its directory lock, PostgreSQL whether it answers or not. */
    record Open(RecordStore store) implements Attached {}

    /** JSON, and another process has its directory. */
    record Locked(String holder) implements Attached {}

    /** It could not even be opened. */
    record Unreachable(String reason) implements Attached {}

    /** There is none. */
    record NotConfigured() implements Attached {}
}
