package dev.switchover.dualwrite.preflight;

import dev.switchover.storage.Shown;
import dev.switchover.storage.Store;
import org.jspecify.annotations.Nullable;

/**
 * Something a preflight found. Holds no record's value, but for its id.
 *
 * @param store where it was found
 * @param id of the record; null if it is about none, or the id cannot be read
 * @param path JSON pointer (RFC 6901) to the value inside the record, {@code ""} for the whole record
 * @param reason what is wrong, and what is allowed or to be done
 * @param place where that is in a file, for people: the number of the record, line and column; null in a database
 */
public record Finding(
        Kind kind,
        Store store,
        String collection,
        @Nullable String id,
        String path,
        String reason,
        @Nullable String place) {

    /** What was found. */
    public enum Kind {
        /** A store, or what is left of a file, could not be looked at; findings may be missing. */
        NOT_READ(Severity.REFUSED),
        /** A file is not what the collection's JSON layout says, outside of its records. */
        FILE_MALFORMED(Severity.REFUSED),
        /** A record is no strict JSON, or beyond the collection's limits. */
        RECORD_MALFORMED(Severity.REFUSED),
        /** An id is missing, of another type, too long, or contradicts the key the record lies under. */
        ID_UNUSABLE(Severity.REFUSED),
        /** A record before this one has the same id, maybe written otherwise. */
        ID_DUPLICATE(Severity.REFUSED),
        /** A typed column would round the value or refuse it, so it is refused everywhere. */
        COLUMN_REFUSES(Severity.REFUSED),
        /** A row of the database is no record of the collection. */
        ROW_UNREADABLE(Severity.REFUSED),
        /** The record class cannot be made from the record: each read of it fails, in every phase. It moves all the same. */
        CLASS_REFUSES(Severity.REFUSED),
        /** A table does not fit the collection. */
        TABLE_MISMATCH(Severity.REFUSED),
        /** Both stores have records, at least one has no ledger, and they do not hold the same under this id. */
        STORES_DIFFER(Severity.REFUSED),
        /** The record's columns give back the same content as another text. */
        REWRITTEN(Severity.CHANGED),
        /** The record class does not know the property. It is kept. */
        PROPERTY_UNKNOWN(Severity.INFORMATION),
        /** SQL that a start runs, or asks for, before the collection can use the database. */
        TABLE_MISSING(Severity.INFORMATION);

        private final Severity severity;

        Kind(Severity severity) {
            this.severity = severity;
        }

        public Severity severity() {
            return severity;
        }
    }

    public Severity severity() {
        return kind.severity();
    }

    Finding at(String where) {
        return new Finding(kind, store, collection, id, path, reason, where);
    }

    /** One line for people. */
    @Override
    public String toString() {
        return severity() + " " + kind + " " + store.label() + " " + collection + (place == null ? "" : ", " + place)
                + (id == null ? "" : ", id " + Shown.id(id)) + (path.isEmpty() ? "" : ", at " + Shown.text(path)) + ": "
                + reason;
    }
}
