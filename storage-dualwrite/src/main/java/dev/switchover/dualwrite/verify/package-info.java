/**
 * Whether both stores hold the same, explained. Enter by {@link dev.switchover.dualwrite.verify.Verify}; how it is found out is in
 * {@code reconcile}.
 */
@NullMarked
package dev.switchover.dualwrite.verify;

import org.jspecify.annotations.NullMarked;
