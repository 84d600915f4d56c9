/**
 * Making the mirror equal to the primary again where it drifted. Enter by {@link dev.switchover.dualwrite.repair.Repair}; it is asked
 * for through {@link dev.switchover.dualwrite.repair.RepairRequest}, of whoever holds the directory.
 */
@NullMarked
package dev.switchover.dualwrite.repair;

import org.jspecify.annotations.NullMarked;
