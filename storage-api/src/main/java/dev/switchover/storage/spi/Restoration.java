package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * What a collection is to hold from now on.
 *
 * @param newerStays whether what the store has stays as it is where nothing is wanted under the id, or nothing of a higher version;
 *     otherwise the store is to hold nothing but what is wanted
 * @param records everything as {@link RecordStore#scan} gives it, checked by the schema; asked for again if the store has to begin
 *     anew. Their versions count only for what stays
 * @param overwritten is opened for each attempt, at its beginning, and told what it overwrites and deletes; rows that are no records it
 *     is not told of
 * @param version no version and no place below or equal to this one is given from now on
 * @param highestId no id below or equal to this one is issued from now on; 0 where ids are no numbers
 */
public record Restoration(
        CollectionSchema<?, ?> schema,
        boolean newerStays,
        Supplier<? extends RecordCursor> records,
        Supplier<? extends Overwritten> overwritten,
        long version,
        long highestId) {

    /** Whether a record that is stored is what is wanted already, in place and content; versions do not matter. */
    public static boolean same(CollectionSchema<?, ?> schema, RawRecord stored, RawRecord wanted) {
        if (stored == wanted) {
            return true;
        }
        if (stored.order() != wanted.order()) {
            return false;
        }
        return wanted.id().isEnvelope()
                ? Arrays.equals(stored.body(), wanted.body())
                : schema.sameContent(stored.body(), wanted.body());
    }
}
