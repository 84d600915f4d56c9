/**
 * From what is on the disk to the state in memory. Everything here reads and decides; nothing is written. Enter by {@link
 * dev.switchover.json.recovery.Recovery}. Nothing outside the JSON store enters.
 */
@NullMarked
package dev.switchover.json.recovery;

import org.jspecify.annotations.NullMarked;
