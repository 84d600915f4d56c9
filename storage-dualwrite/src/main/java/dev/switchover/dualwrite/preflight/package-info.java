/**
 * Looking before moving: whether every record can be held exactly by both stores, without writing anything. Enter
 * by {@link dev.switchover.dualwrite.preflight.Preflight}; a switchover asks {@link dev.switchover.dualwrite.preflight.RecordSurvey} about the store it is about to seal.
 */
@NullMarked
package dev.switchover.dualwrite.preflight;

import org.jspecify.annotations.NullMarked;
