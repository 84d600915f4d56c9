/**
 * Handing the directory from one process to another while both run: the newcomer asks in a file, the holder ends what was
 * asked of it and its writes, and lets go. Enter by {@link dev.switchover.dualwrite.handover.TakeOver} and {@link
 * dev.switchover.dualwrite.handover.HandOverWatch}; for the router only.
 */
@NullMarked
package dev.switchover.dualwrite.handover;

import org.jspecify.annotations.NullMarked;
