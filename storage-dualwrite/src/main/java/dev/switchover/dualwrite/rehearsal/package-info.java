/**
 * The whole migration played on copies: what comes out of it, and the folder it is played in. Enter by {@link
 * dev.switchover.dualwrite.rehearsal.RehearsalReport}.
 */
@NullMarked
package dev.switchover.dualwrite.rehearsal;

import org.jspecify.annotations.NullMarked;
