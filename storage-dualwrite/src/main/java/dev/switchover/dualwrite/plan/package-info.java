/**
 * What a start would do, told without doing it. Enter by {@link dev.switchover.dualwrite.plan.StartPlanner}; {@link
 * dev.switchover.dualwrite.plan.StartPlan} is what comes of it. The guard decides here as at a start, on what can be seen without
 * the directory's lock.
 */
@NullMarked
package dev.switchover.dualwrite.plan;

import org.jspecify.annotations.NullMarked;
