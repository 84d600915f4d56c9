/**
 * What runs by itself: daily, weekly or every few hours, once among all instances. When is decided in {@link
 * dev.switchover.dualwrite.schedule.Schedule} and {@link dev.switchover.dualwrite.schedule.RunDecision}, which look at no clock; enter by
 * {@link dev.switchover.dualwrite.schedule.ScheduleRunner}. Knows nothing of what it runs.
 */
@NullMarked
package dev.switchover.dualwrite.schedule;

import org.jspecify.annotations.NullMarked;
