package dev.switchover.postgres;

import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.spi.Alongside;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Two halves of one task, each on a connection of its own, where the pool has them to spare. Thread-safe. */
final class Halves {

    /** How many connections of the pool stay for others. */
    private static final int SPARED = 1;

    private final Database database;
    /** More than all that is done for a half may take. */
    private final Duration patience;

    Halves(Database database, PostgresSettings settings) {
        this.database = database;
        this.patience =
                settings.bulkTimeout().plus(settings.connectionTimeout()).multipliedBy(2);
    }

    boolean areTwoToSpare() {
        PoolUse use = database.poolUse();
        return use != null && use.waiting() == 0 && use.active() + 2 + SPARED <= use.maximum();
    }

    /** Returns, or throws, when both have ended. @return whether both were done */
    boolean run(BooleanSupplier mine, BooleanSupplier others) {
        Alongside<Boolean> beside = Alongside.begin("switchover-postgres-half", others::getAsBoolean);
        boolean done;
        boolean ended;
        try {
            done = mine.getAsBoolean();
        } finally {
            // Whatever became of this half: what comes next must not find the other one at work.
            ended = beside.join(patience);
        }
        if (!ended) {
            throw new StoreUnavailableException(
                    Store.POSTGRESQL, "Half of what is to be written to PostgreSQL does not come to an end", null);
        }
        return beside.result() && done;
    }
}
