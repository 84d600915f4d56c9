package dev.switchover.storage;

/** Who makes the ids of new records. */
public enum IdGeneration {
    /** The caller; a record without an id is refused. */
    CALLER,
    /** The store: 1, 2, 3, …, gaps possible, never one twice. For {@code Long} ids. */
    SEQUENCE,
    /** The store: random (version 4) UUIDs. For {@code UUID} ids. */
    RANDOM_UUID
}
