package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;

/**
 * What a restore did to one collection, its envelope counted like a record.
 *
 * @param written records that are there now, and were not or differed
 * @param deleted records that were there and are gone
 * @param equal records that were left as they were
 */
public record Restored(CollectionSchema<?, ?> schema, long written, long deleted, long equal) {}
