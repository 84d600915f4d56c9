/**
 * Typed repositories and units of work over any {@link dev.switchover.storage.spi.RecordAccess}. Store
 * implementations only.
 */
@NullMarked
package dev.switchover.storage.repository;

import org.jspecify.annotations.NullMarked;
