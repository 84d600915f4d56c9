package dev.switchover.storage;

/** A place in the order of a query. Opaque: keep it, hand it to a client, give it back with the same query. */
public record PageKey(String text) {}
