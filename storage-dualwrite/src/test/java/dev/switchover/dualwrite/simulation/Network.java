package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.MemoryStore;
import dev.switchover.dualwrite.testing.Statement;
import dev.switchover.dualwrite.testing.Traffic;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.RecordId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Between the processes and PostgreSQL: it may be away, connections break before and after a statement has arrived, and what was
 * sent by a process that has died, or by one that has given up, may arrive late.
 */
final class Network implements Traffic {

    private final Scheduler scheduler;
    private final Checker checker;
    private final Set<RecordId> refused = new HashSet<>();
    private boolean away;
    private double lossRate;
    private int underway;

    Network(Scheduler scheduler, Checker checker) {
        this.scheduler = scheduler;
        this.checker = checker;
    }

    void away(boolean nowAway) {
        away = nowAway;
    }

    void lossRate(double rate) {
        lossRate = rate;
    }

    /** From now on it takes this record no more. */
    void refuse(RecordId id) {
        refused.add(id);
    }

    void refuseNothing() {
        refused.clear();
    }

    /** Statements without a client. */
    int underway() {
        return underway;
    }

    @Override
    public boolean awaitQuiet(BooleanSupplier quiet, Duration atMost) {
        return scheduler.await(quiet, atMost.toNanos());
    }

    @Override
    public <T extends @Nullable Object> T carry(MemoryStore process, Statement<T> statement) {
        String what = "pg";
        try {
            scheduler.step(what, statement.call());
        } catch (Death e) {
            if (scheduler.chance(0.5)) {
                late(statement);
            }
            throw e;
        }
        requireReachable();
        if (lossRate > 0 && scheduler.chance(lossRate)) {
            if (scheduler.chance(0.5)) {
                late(statement);
                throw unknown(statement, "no answer");
            }
            throw unavailable("connection refused");
        }
        statement.begin();
        if (statement.call().operation().writesRecords()) {
            try {
                scheduler.step("pg mid", statement.call().operation());
            } catch (Death e) {
                if (scheduler.chance(0.7)) {
                    late(statement);
                } else {
                    statement.abandon();
                }
                throw e;
            }
            if (away || (lossRate > 0 && scheduler.chance(lossRate))) {
                late(statement);
                throw unknown(statement, "connection lost");
            }
        }
        T result = finish(statement);
        scheduler.step("pg end", null);
        if (lossRate > 0 && scheduler.chance(lossRate)) {
            throw unknown(statement, "answer lost");
        }
        return result;
    }

    private void requireReachable() {
        if (away) {
            if (scheduler.chance(0.3)) {
                scheduler.sleep(3 * Scheduler.SECOND);
            }
            throw unavailable("no answer in time");
        }
    }

    private <T extends @Nullable Object> T finish(Statement<T> statement) {
        Operation operation = statement.call().operation();
        if ((operation == Operation.APPLY || operation == Operation.LOAD)
                && statement.call().ids().stream().anyMatch(refused::contains)) {
            statement.abandon();
            throw new RecordRefusedException(statement.call().collections().get(0), null, "a constraint", null);
        }
        checker.before(statement, scheduler.current());
        T result = statement.finish();
        checker.after(statement, result, scheduler.current());
        return result;
    }

    /** The statement has been sent and goes on without its client. */
    private void late(Statement<?> statement) {
        dev.switchover.dualwrite.simulation.Operation operation = scheduler.current().operation;
        underway++;
        Actor ghost = scheduler.spawn("late", null, () -> {
            try {
                scheduler.sleep(
                        scheduler.random().nextLong(scheduler.chance(0.2) ? 20 * Scheduler.SECOND : Scheduler.SECOND));
                arrive(statement);
            } finally {
                underway--;
            }
        });
        ghost.operation = operation;
    }

    private void arrive(Statement<?> statement) {
        try {
            if (!statement.isBegun()) {
                scheduler.step("pg late", statement.call());
                statement.begin();
            }
            scheduler.step("pg late!", statement.call());
            finish(statement);
        } catch (StorageException | IllegalStateException e) {
            // Nobody waits for the answer.
            statement.abandon();
        }
    }

    private static StorageException unavailable(String reason) {
        return new StoreUnavailableException(Store.POSTGRESQL, reason, null);
    }

    private static StorageException unknown(Statement<?> statement, String reason) {
        return statement.call().operation().changes() ? new UnknownOutcomeException(reason, null) : unavailable(reason);
    }
}
