package dev.switchover.storage.spi;

import java.util.List;

/**
 * Pending records taken at once, oldest versions first.
 *
 * @param more whether there were others that are not parked
 */
public record PendingBatch(List<PendingRecord> records, boolean more) {

    public PendingBatch {
        records = List.copyOf(records);
    }
}
