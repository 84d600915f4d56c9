package dev.switchover.postgres;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The epoch each collection is served under by this instance. Thread-safe. */
final class Epochs {

    private final Map<CollectionSchema<?, ?>, Long> served = new ConcurrentHashMap<>();

    void serve(CollectionSchema<?, ?> schema, long epoch) {
        served.put(schema, epoch);
    }

    /** @throws FencedException if it is not served */
    long of(CollectionSchema<?, ?> schema) {
        Long epoch = served.get(schema);
        if (epoch == null) {
            throw new FencedException(
                    schema.name(),
                    "This instance does not serve " + schema.name() + " from PostgreSQL; nothing was written");
        }
        return epoch;
    }

    /** @param seen state, epoch and whether it is confirmed, as the ledger has them; empty if it has no entry */
    FencedException fenced(CollectionSchema<?, ?> schema, String seen) {
        return new FencedException(
                schema.name(),
                "Nothing was written to " + schema.name() + ": this instance serves epoch " + served.get(schema)
                        + ", PostgreSQL's ledger says " + (seen.isEmpty() ? "nothing" : seen)
                        + ". Send the request to an instance of the new phase, or restart this one with the new flags");
    }
}
