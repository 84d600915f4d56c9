package dev.switchover.examples.expenses.demo;

import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.examples.expenses.Budget;
import dev.switchover.examples.expenses.Expense;
import dev.switchover.storage.Repository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** One life of a service: from a start with some flags until its close. Thread-safe. */
final class Session implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SwitchoverStorage storage;
    private final Repository<Expense, Long> expenses;
    private final Repository<Earthquake, String> earthquakes;

    private Session(SwitchoverStorage storage) {
        this.storage = storage;
        this.expenses = storage.repository(Budget.EXPENSES);
        this.earthquakes = storage.repository(Earthquake.EARTHQUAKES);
    }

    static Session open(Path directory, Map<String, String> environment) {
        return new Session(Switchover.builder()
                .directory(directory)
                .environment(environment)
                .collection(Budget.EXPENSES)
                .collection(Earthquake.EARTHQUAKES)
                .open());
    }

    Repository<Expense, Long> expenses() {
        return expenses;
    }

    Repository<Earthquake, String> earthquakes() {
        return earthquakes;
    }

    /** Ids whose latest state has not reached the mirror. */
    long pending() {
        return storage.status().collections().stream()
                .mapToLong(collection -> Math.max(0, collection.pending()))
                .sum();
    }

    /** Waits until the mirror, if there is one, has everything. */
    void awaitInSync() {
        if (!storage.awaitInSync(PATIENCE)) {
            throw new IllegalStateException("The mirror is not in sync after " + PATIENCE.toSeconds() + " s: "
                    + storage.status().toJson());
        }
    }

    @Override
    public void close() {
        storage.close();
    }
}
