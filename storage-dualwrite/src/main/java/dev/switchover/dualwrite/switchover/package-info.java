/**
 * Carries out what the guard decides: makes one store the authority of a collection, step by step, before the first request is
 * served. Enter by {@link dev.switchover.dualwrite.switchover.GuardedStart}.
 */
@NullMarked
package dev.switchover.dualwrite.switchover;

import org.jspecify.annotations.NullMarked;
