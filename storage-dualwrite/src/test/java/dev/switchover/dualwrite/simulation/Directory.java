package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.MemoryStore;
import dev.switchover.dualwrite.testing.Statement;
import dev.switchover.dualwrite.testing.Traffic;
import dev.switchover.storage.RecordRefusedException;
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
 * The directory: one process holds its lock, unless the file system lets a second one have it. A holder looks whether the lock is
 * still its own before an append and after it, before the acknowledgement.
 */
final class Directory implements Traffic {

    /** A newcomer asks for the directory. */
    record Request(Instance newcomer, long expires) {}

    private final Scheduler scheduler;
    private final Checker checker;
    private final Set<RecordId> refused = new HashSet<>();
    private @Nullable MemoryStore owner;
    private @Nullable Request request;
    private double errorRate;

    Directory(Scheduler scheduler, Checker checker) {
        this.scheduler = scheduler;
        this.checker = checker;
    }

    void errorRate(double rate) {
        errorRate = rate;
    }

    void refuse(RecordId id) {
        refused.add(id);
    }

    void refuseNothing() {
        refused.clear();
    }

    boolean isFree() {
        return owner == null;
    }

    boolean isOwner(MemoryStore store) {
        return owner == store;
    }

    /** Whether the store has it from now on. */
    boolean lock(MemoryStore store) {
        if (owner != null) {
            return false;
        }
        owner = store;
        return true;
    }

    void unlock(@Nullable MemoryStore store) {
        if (store != null && owner == store) {
            owner = null;
        }
    }

    /** The file system gives the lock to whoever asks next, although its holder lives. */
    void loseLock() {
        owner = null;
    }

    @Nullable
    Request request() {
        Request standing = request;
        return standing != null && standing.expires() > scheduler.nanoTime() ? standing : null;
    }

    void request(@Nullable Request asked) {
        request = asked;
    }

    @Override
    public boolean awaitQuiet(BooleanSupplier quiet, Duration atMost) {
        return scheduler.await(quiet, atMost.toNanos());
    }

    @Override
    public <T extends @Nullable Object> T carry(MemoryStore process, Statement<T> statement) {
        scheduler.step("json", statement.call());
        requireOwner(process);
        if (errorRate > 0 && scheduler.chance(errorRate)) {
            throw unavailable("could not be written");
        }
        statement.begin();
        try {
            if (statement.call().operation().writesRecords()) {
                scheduler.step("json mid", statement.call().operation());
                requireOwner(process);
                refuseWhatIsRefused(statement);
            }
            checker.before(statement, scheduler.current());
            T result = statement.finish();
            checker.after(statement, result, scheduler.current());
            scheduler.step("json end", null);
            if (owner != process && statement.call().operation().changes()) {
                throw new UnknownOutcomeException("another process has taken the directory over", null);
            }
            return result;
        } finally {
            statement.abandon();
        }
    }

    private void refuseWhatIsRefused(Statement<?> statement) {
        Operation operation = statement.call().operation();
        if ((operation == Operation.APPLY || operation == Operation.LOAD)
                && statement.call().ids().stream().anyMatch(refused::contains)) {
            throw new RecordRefusedException(statement.call().collections().get(0), null, "not to be had", null);
        }
    }

    private void requireOwner(MemoryStore process) {
        process.requireOpen();
        if (owner != process) {
            throw unavailable("another process has taken the directory over");
        }
    }

    private static StoreUnavailableException unavailable(String reason) {
        return new StoreUnavailableException(Store.JSON, reason, null);
    }
}
