package dev.switchover.storage.spi;

import dev.switchover.storage.schema.RawRecord;
import org.jspecify.annotations.Nullable;

/** A mark together with the record's present state, both as of one moment; null means that it does not exist. */
public record PendingRecord(PendingMark mark, @Nullable RawRecord present) {}
