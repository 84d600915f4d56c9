/**
 * Records in human-readable JSON files, durable and crash-safe. Enter by {@link dev.switchover.json.JsonStorage} to use JSON
 * files alone, or by {@link dev.switchover.json.JsonStore}, the store that moves.
 *
 * <p>The rooms behind, which are nobody else's: {@code journal} (what happened since the file was written), {@code
 * checkpoint} (writing the file), {@code recovery} (reading it all again), {@code commit} (the one thread that changes
 * anything), {@code records} (what is in memory), {@code file} (layouts), {@code directory} (disk and lock).
 */
@NullMarked
package dev.switchover.json;

import org.jspecify.annotations.NullMarked;
