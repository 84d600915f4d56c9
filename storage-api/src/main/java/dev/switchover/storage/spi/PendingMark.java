package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.time.Instant;

/**
 * An id whose latest state has not reached the mirror yet.
 *
 * @param version of the write that set the mark; acknowledging removes the mark of this version only
 * @param unit shared by the marks of one unit of work, and of all units and writes that replaced a mark of it: mirrored
 *     together; 0 for a single write that replaced none
 * @param since when the id became pending, by the clock of the store
 */
public record PendingMark(CollectionSchema<?, ?> schema, RecordId id, long version, long unit, Instant since) {}
