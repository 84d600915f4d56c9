/**
 * Finding, and removing, what differs between two stores: both are streamed in id order, side by side. Enter by {@link
 * dev.switchover.dualwrite.reconcile.Reconciler}. What writes to a live mirror is not here: differing ids become pending.
 */
@NullMarked
package dev.switchover.dualwrite.reconcile;

import org.jspecify.annotations.NullMarked;
