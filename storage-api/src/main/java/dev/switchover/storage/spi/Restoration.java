package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import java.util.function.Supplier;

/**
 * What a collection is to hold from now on, and nothing else.
 *
 * @param records everything as {@link RecordStore#scan} gives it, checked by the schema; asked for again if the store has to begin
 *     anew. Their versions do not count
 * @param version no version and no place below or equal to this one is given from now on
 * @param highestId no id below or equal to this one is issued from now on; 0 where ids are no numbers
 */
public record Restoration(
        CollectionSchema<?, ?> schema, Supplier<? extends RecordCursor> records, long version, long highestId) {}
