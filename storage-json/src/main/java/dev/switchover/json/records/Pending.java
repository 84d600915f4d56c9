package dev.switchover.json.records;

import dev.switchover.storage.schema.RecordId;
import org.jspecify.annotations.Nullable;

/**
 * A pending id.
 *
 * @param since milliseconds since the epoch
 * @param parked why the mirror refuses it, or null if it is not parked
 */
public record Pending(
        RecordId id,
        long version,
        long unit,
        long since,
        @Nullable String parked) {

    public Pending park(String reason) {
        return new Pending(id, version, unit, since, reason);
    }

    public Pending retry() {
        return new Pending(id, version, unit, since, null);
    }
}
