package dev.switchover.storage.repository;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.document.JsonPointers;
import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A caller's change to a stored record. */
final class Change {

    private Change() {}

    /** What is to be stored under the same id: the changed record with all that its class does not know. */
    static <T> CheckedRecord apply(CollectionSchema<T, ?> schema, RawRecord stored, UnaryOperator<T> change) {
        T before = schema.decode(stored.id(), stored.body());
        T after = Objects.requireNonNull(change.apply(before), "an update must not return null; to delete, use delete");
        CheckedRecord changed = schema.encode(after);
        if (!stored.id().equals(changed.id())) {
            throw new InvalidRecordException(
                    schema.name(),
                    stored.id().text(),
                    JsonPointers.ofPath(schema.definition().idProperties().get(0)),
                    "an update must keep the id; create a new record and delete this one instead");
        }
        return new CheckedRecord(stored.id(), schema.merge(stored.body(), changed.body()));
    }
}
