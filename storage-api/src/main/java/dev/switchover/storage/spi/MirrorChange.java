package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import org.jspecify.annotations.Nullable;

/**
 * A state to be taken over as it is, version and order included.
 *
 * @param version of the write or mark this state goes with, never below the record's own: the mirror's version counter rises
 *     to it, also for a deletion, so that a store made authority later never gives a version twice
 * @param record null: the record is to be absent
 */
public record MirrorChange(
        CollectionSchema<?, ?> schema,
        RecordId id,
        long version,
        @Nullable RawRecord record) {}
