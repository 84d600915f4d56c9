/**
 * Both stores as they can be looked at from anywhere: open in this process, or beside the process that has them open. Enter by
 * {@link dev.switchover.dualwrite.view.StoreView}. Nothing here writes.
 */
@NullMarked
package dev.switchover.dualwrite.view;

import org.jspecify.annotations.NullMarked;
