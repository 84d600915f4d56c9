/** Whether anything grows that should not: the same mixed load for a long time, in each phase. */
@NullMarked
package dev.switchover.examples.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
