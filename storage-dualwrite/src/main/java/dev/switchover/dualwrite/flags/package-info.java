/**
 * What the operator asked for, read once at start: the phase of each collection and the {@code SWITCHOVER_} settings. Enter by
 * {@link dev.switchover.dualwrite.flags.Flags} and {@link dev.switchover.dualwrite.flags.SwitchoverSettings}. Pure but for
 * reading {@code DATABASE_URL_FILE}.
 */
@NullMarked
package dev.switchover.dualwrite.flags;

import org.jspecify.annotations.NullMarked;
