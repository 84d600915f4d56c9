package dev.switchover.dualwrite;

import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database answers, so that a dead one costs its timeout once and not with every call. A failed call makes
 * the watch ask; only its answer opens or closes the breaker. Thread-safe.
 */
final class DatabaseHealth {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.database");

    private final Clock clock;
    private volatile @Nullable Outage outage;

    DatabaseHealth(Clock clock) {
        this.clock = clock;
    }

    /** An outage that the watch has seen. */
    record Outage(Instant since, String reason) {}

    /** @throws StoreUnavailableException at once while the database is known to be away */
    void check() {
        Outage current = outage;
        if (current != null) {
            throw new StoreUnavailableException(
                    Store.POSTGRESQL,
                    "PostgreSQL has not answered since " + current.since() + " (" + current.reason()
                            + "); it is asked again every second",
                    null);
        }
    }

    /** The watch asked, and it answered. */
    void answered() {
        Outage ended = outage;
        if (ended != null) {
            outage = null;
            LOG.atInfo()
                    .addKeyValue("since", ended.since())
                    .log("PostgreSQL answers again; it was away since {}", ended.since());
        }
    }

    /** The watch asked in vain. */
    void silent(String reason) {
        if (outage == null) {
            outage = new Outage(clock.instant(), reason);
            LOG.warn("PostgreSQL does not answer: {}", reason);
        }
    }

    @Nullable
    Outage outage() {
        return outage;
    }
}
