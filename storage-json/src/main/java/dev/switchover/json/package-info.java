/** Records in human-readable JSON files, durable and crash-safe. */
@NullMarked
package dev.switchover.json;

import org.jspecify.annotations.NullMarked;
