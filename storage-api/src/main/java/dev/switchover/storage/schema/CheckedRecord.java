package dev.switchover.storage.schema;

import org.jspecify.annotations.Nullable;

/**
 * A body that has passed every check of its collection.
 *
 * @param id null if the body has none, as before a sequence or an object key gives it one
 */
public record CheckedRecord(@Nullable RecordId id, byte[] body) {}
