package dev.switchover.storage;

/**
 * A record with the version its last write gave it. Versions of a collection come from one counter that is never
 * rewound; compare them for equality only.
 */
public record Versioned<T>(T record, long version) {}
