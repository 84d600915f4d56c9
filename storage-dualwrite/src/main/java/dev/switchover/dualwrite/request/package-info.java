/**
 * Work on a directory, asked of whichever process holds its lock: the asker writes a request into {@code .switchover/requests}, the
 * holder carries it out and answers beside it. Without a holder the asker takes the lock and does the same work itself, but for what
 * only a holder can do. Enter by {@link dev.switchover.dualwrite.request.RequestDesk}; what can be asked for is registered in {@link
 * dev.switchover.dualwrite.request.RequestHandlers}. Services stay out.
 */
@NullMarked
package dev.switchover.dualwrite.request;

import org.jspecify.annotations.NullMarked;
