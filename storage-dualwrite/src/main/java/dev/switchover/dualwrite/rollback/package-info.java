/**
 * What would happen if the authority changed now: what the other store lacks, whether a start would catch up or be refused, how
 * long it would take. Enter by {@link dev.switchover.dualwrite.rollback.RollbackMeter}. Nothing is changed.
 */
@NullMarked
package dev.switchover.dualwrite.rollback;

import org.jspecify.annotations.NullMarked;
