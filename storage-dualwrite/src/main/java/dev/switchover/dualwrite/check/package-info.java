/**
 * Whether the surroundings are fit for the service: directory, connection, rights, versions. Enter by {@link
 * dev.switchover.dualwrite.check.Checks}. Nothing here writes.
 */
@NullMarked
package dev.switchover.dualwrite.check;

import org.jspecify.annotations.NullMarked;
