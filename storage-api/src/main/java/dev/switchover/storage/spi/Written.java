package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import org.jspecify.annotations.Nullable;

/**
 * What a write did.
 *
 * @param version the version it gave, or 0 for a deletion of nothing and for a check
 * @param record what is stored now, or null after a deletion or a check
 * @param pending whether the id was recorded as pending, with this version, in the same commit
 */
public record Written(
        CollectionSchema<?, ?> schema,
        RecordId id,
        Effect effect,
        long version,
        @Nullable RawRecord record,
        boolean pending) {

    public enum Effect {
        CREATED,
        UPDATED,
        DELETED,
        /** A deletion of what was not there, or a check. */
        NOTHING
    }
}
