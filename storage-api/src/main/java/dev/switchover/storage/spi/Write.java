package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;

/** One change to one record. */
public sealed interface Write {

    CollectionSchema<?, ?> schema();

    /** Stores the body under the id; the envelope too, under {@link RecordId#ENVELOPE}. */
    record Put(CollectionSchema<?, ?> schema, RecordId id, byte[] body, Expected expected) implements Write {}

    /** Creates a record whose id the store makes: the body is {@code before}, the id in decimal, {@code after}. */
    record Insert(CollectionSchema<?, ?> schema, byte[] before, byte[] after) implements Write {}

    /** Deletes the record; one that does not exist is no error unless a version is expected. */
    record Delete(CollectionSchema<?, ?> schema, RecordId id, Expected expected) implements Write {}

    /**
     * Changes nothing, but lets none of the writes happen unless {@code expected} holds when they commit: for what a unit of
     * work has read and not written. Its result is {@link Written.Effect#NOTHING} without a record, a version or a mark.
     */
    record Check(CollectionSchema<?, ?> schema, RecordId id, Expected expected) implements Write {}
}
