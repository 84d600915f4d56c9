package dev.switchover.dualwrite.reconcile;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.MirrorChange;
import org.jspecify.annotations.Nullable;

/**
 * One id under which two stores do not hold the same.
 *
 * @param left what the store that is right has, null if nothing
 * @param right what the other has, null if nothing
 */
public record Difference(
        Kind kind,
        RecordId id,
        @Nullable RawRecord left,
        @Nullable RawRecord right) {

    /** In what they differ; the first that applies. */
    public enum Kind {
        /** Only the left store has it. */
        MISSING,
        /** Only the right store has it. */
        EXTRA,
        /** The bodies differ. */
        CONTENT,
        /** The bodies are the same, the places in the collection's order are not. */
        ORDER,
        /** One of them cannot be read as a record: somebody changed it by hand. Told only by who asks for it. */
        UNREADABLE,
        /** Only the versions differ. The records are equal for everybody who does not save by version: no drift. */
        VERSION;

        public boolean isDrift() {
            return this != VERSION;
        }
    }

    /** What makes the right store equal to the left. */
    public MirrorChange change(CollectionSchema<?, ?> schema) {
        RawRecord wanted = left;
        RawRecord replaced = right;
        long version = wanted != null ? wanted.version() : replaced != null ? replaced.version() : 0;
        return new MirrorChange(schema, id, version, wanted);
    }

    /** Names the id only, never what the records hold. */
    @Override
    public String toString() {
        return kind + " " + id;
    }
}
