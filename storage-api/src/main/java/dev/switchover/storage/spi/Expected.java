package dev.switchover.storage.spi;

/** What a write demands of the stored record. */
public sealed interface Expected {

    Any ANY = new Any();
    Absent ABSENT = new Absent();

    /** Nothing. */
    record Any() implements Expected {}

    /** That there is none. */
    record Absent() implements Expected {}

    /** That it has this version; 0 means that there is none, refused as a version conflict. */
    record Version(long version) implements Expected {}
}
