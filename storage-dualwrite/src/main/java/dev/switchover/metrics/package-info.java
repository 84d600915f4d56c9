/** Micrometer meters of an open storage. Optional: whoever uses it adds {@code io.micrometer:micrometer-core}. */
@NullMarked
package dev.switchover.metrics;

import org.jspecify.annotations.NullMarked;
