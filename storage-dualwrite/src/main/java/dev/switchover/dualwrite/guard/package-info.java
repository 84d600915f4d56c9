/**
 * Decides whether and how a start may serve, from what both stores' ledgers say. Pure: no input, no output, no clock. Enter by
 * {@link dev.switchover.dualwrite.guard.Guard}; whoever carries out a verdict is in the package beside this one.
 */
@NullMarked
package dev.switchover.dualwrite.guard;

import org.jspecify.annotations.NullMarked;
