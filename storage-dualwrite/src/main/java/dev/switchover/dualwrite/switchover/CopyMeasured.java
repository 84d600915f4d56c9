package dev.switchover.dualwrite.switchover;

import dev.switchover.storage.Store;

/**
 * How long a change of authority took to make one store equal to the other: the time in which nobody could write.
 *
 * @param compared how many ids were looked at
 * @param copied how many of them differed and were copied
 */
public record CopyMeasured(String collection, Store to, long compared, long copied, long millis) {}
