/**
 * Carries what one store's writes left pending to the other store, in either direction, and keeps it there. Enter by {@link
 * dev.switchover.dualwrite.mirror.Mirror}.
 *
 * <p>Inside: a {@code MirrorWorker} is the thread; it opens a {@code MirrorSession} again and again. A session has a {@code Lane}
 * for each collection, opened by {@code LaneOpening}, and applies through an {@code Applier}. {@code WrittenQueue} is where writers
 * meet the worker; {@code MirrorHealth} decides and does no I/O.
 */
@NullMarked
package dev.switchover.dualwrite.mirror;

import org.jspecify.annotations.NullMarked;
