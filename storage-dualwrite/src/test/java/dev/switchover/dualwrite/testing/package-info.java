/**
 * A store in memory whose disk outlives its process, can lose what was not forced, can go back in time, and fails where a test
 * says. Enter by {@link dev.switchover.dualwrite.testing.MemoryDisk}.
 */
@NullMarked
package dev.switchover.dualwrite.testing;

import org.jspecify.annotations.NullMarked;
