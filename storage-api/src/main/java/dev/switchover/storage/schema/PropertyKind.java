package dev.switchover.storage.schema;

/** What a property's values are compared as. */
public enum PropertyKind {
    NUMBER,
    TEXT,
    BOOLEAN,
    /** A calendar date, ISO 8601. */
    DATE,
    /** A moment, ISO 8601 with an offset. */
    TIMESTAMP,
    /** An array or object: never compared. */
    NESTED,
    /** Not known from the record class: whatever each value is. */
    UNKNOWN
}
