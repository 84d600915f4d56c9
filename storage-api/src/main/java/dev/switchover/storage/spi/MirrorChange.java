package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import org.jspecify.annotations.Nullable;

/**
 * A state to be taken over as it is, version and order included.
 *
 * @param record null: the record is to be absent
 */
public record MirrorChange(CollectionSchema<?, ?> schema, RecordId id, @Nullable RawRecord record) {}
