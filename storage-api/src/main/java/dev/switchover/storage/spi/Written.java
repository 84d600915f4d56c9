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
 * @param behind 0, or: this write's mark took the place of one that belongs to a unit of work. A mirror has the whole of that
 *     unit only once it has this record in version {@code behind} or a later one, and may not take this state before. May be above
 *     the version that was replaced, where the store does not know it
 */
public record Written(
        CollectionSchema<?, ?> schema,
        RecordId id,
        Effect effect,
        long version,
        @Nullable RawRecord record,
        boolean pending,
        long behind) {

    /** A write whose mark, if any, replaced none of a unit of work. */
    public Written(
            CollectionSchema<?, ?> schema,
            RecordId id,
            Effect effect,
            long version,
            @Nullable RawRecord record,
            boolean pending) {
        this(schema, id, effect, version, record, pending, 0);
    }

    public Written behind(long replaced) {
        return new Written(schema, id, effect, version, record, pending, replaced);
    }

    public enum Effect {
        CREATED,
        UPDATED,
        DELETED,
        /** A deletion of what was not there, or a check. */
        NOTHING
    }
}
