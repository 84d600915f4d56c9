/**
 * The router over both stores: opens them in the phase the flags choose, guards every change of authority, keeps the mirror
 * in step, and reads from the JSON copy while the database is away.
 *
 * <p>Enter by {@link dev.switchover.dualwrite.Switchover#builder()}. The rooms behind it: {@code flags} decides the phase,
 * {@code guard} what a start may do, {@code switchover} does it, {@code handover} passes the directory from process to process,
 * {@code mirror} and {@code reconcile} move records.
 */
@NullMarked
package dev.switchover.dualwrite;

import org.jspecify.annotations.NullMarked;
