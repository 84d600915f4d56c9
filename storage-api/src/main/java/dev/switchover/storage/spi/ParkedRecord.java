package dev.switchover.storage.spi;

/** A pending record the mirror refuses: not tried again until it changes, is retried by hand, or is discarded. */
public record ParkedRecord(PendingMark mark, String reason) {}
