package dev.switchover.dualwrite.export;

import java.time.Instant;

/**
 * The last export of a collection, as the database keeps it.
 *
 * @param ownDirectory whether it went into the storage's own directory, or into another folder
 * @param at when it began
 * @param snapshot of which moment the file is: its age is counted from here
 * @param version the collection's version counter then
 * @param file where it was written
 * @param host by which machine
 */
public record LastExport(
        String collection,
        boolean ownDirectory,
        Instant at,
        Instant snapshot,
        long version,
        long records,
        long bytes,
        String file,
        String host) {}
