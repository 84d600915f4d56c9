/**
 * A share of reads, asked of the mirror too and compared. Enter by {@link dev.switchover.dualwrite.shadow.ShadowReads}. Callers never
 * wait for it.
 */
@NullMarked
package dev.switchover.dualwrite.shadow;

import org.jspecify.annotations.NullMarked;
