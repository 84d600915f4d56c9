package dev.switchover.storage.spi;

/** What a mirror worker shows with everything it writes, to either store: the epoch and term it works under. */
public record Fence(long epoch, long term) {}
