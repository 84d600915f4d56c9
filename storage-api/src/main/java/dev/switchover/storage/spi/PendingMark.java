package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.time.Instant;

/**
 * An id whose latest state has not reached the mirror yet.
 *
 * @param version of the write that set the mark; acknowledging removes the mark of this version only
 * @param unit marks of one unit of work share it and are mirrored together; 0 for a single write
 * @param since when the id became pending, by the clock of the store
 */
public record PendingMark(CollectionSchema<?, ?> schema, RecordId id, long version, long unit, Instant since) {}
