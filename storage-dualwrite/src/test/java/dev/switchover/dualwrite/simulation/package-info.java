/**
 * Deterministic simulation: processes that die, freeze and hand over, connections that break, statements that arrive late, all
 * by a seed. Enter by {@code SimulationTest}. A {@code Scheduler} has the baton and the time; {@code Network} and {@code
 * Directory} carry calls; a {@code Director} plays fate, {@code Convergence} the end; a {@code Checker} judges each effect.
 */
@NullMarked
package dev.switchover.dualwrite.simulation;

import org.jspecify.annotations.NullMarked;
