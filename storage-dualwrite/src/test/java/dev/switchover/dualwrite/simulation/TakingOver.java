package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.guard.Guard;
import dev.switchover.dualwrite.guard.GuardOptions;
import dev.switchover.dualwrite.guard.Observation;
import dev.switchover.dualwrite.guard.Verdict;
import dev.switchover.dualwrite.testing.MemoryDisk;
import dev.switchover.dualwrite.testing.MemoryView;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.RecordStore;
import java.util.List;
import java.util.Optional;

/** The newcomer's side: the guard first, then the request, then waiting. */
final class TakingOver {

    private final Instance instance;
    private final Scenario scenario;
    private final Scheduler scheduler;

    TakingOver(Instance instance, Scenario scenario) {
        this.instance = instance;
        this.scenario = scenario;
        this.scheduler = scenario.scheduler;
    }

    void take() {
        instance.phases.keySet().forEach(this::requireNoRefusal);
        Directory directory = scenario.directory;
        long patience = instance.settings.switchTimeout().toNanos();
        Directory.Request request = new Directory.Request(instance, scheduler.nanoTime() + patience);
        directory.request(request);
        try {
            while (!instance.holdJson()) {
                if (directory.request() != request) {
                    throw new StartRefusedException("TAKE-OVER-UNANSWERED", List.of(), "Stop that process.", null);
                }
                scheduler.sleep(50 * Scheduler.MILLISECOND);
            }
        } finally {
            if (directory.request() == request) {
                directory.request(null);
            }
        }
    }

    private void requireNoRefusal(CollectionSchema<?, ?> schema) {
        Observation json = observe(scenario.json, schema);
        Observation database = database(schema);
        GuardOptions options =
                new GuardOptions(instance.settings.startStale(), instance.settings.force(), instance.settings.adopt());
        Verdict verdict = Guard.decide(instance.phase(schema), json, database, options);
        if (verdict instanceof Verdict.Refuse refuse) {
            throw refuse.toException(schema.name());
        }
    }

    private static Observation observe(MemoryDisk disk, CollectionSchema<?, ?> schema) {
        MemoryView view = MemoryView.of(disk, schema);
        return new Observation.Present(
                Optional.ofNullable(view.entry()), !view.records().isEmpty(), true, PendingSummary.NONE);
    }

    private Observation database(CollectionSchema<?, ?> schema) {
        RecordStore store = instance.store(Store.POSTGRESQL);
        try {
            store.prepare();
            return new Observation.Present(
                    store.ledger().read(schema), store.hasRecords(schema), true, PendingSummary.NONE);
        } catch (StoreUnavailableException e) {
            return new Observation.Unreachable("away");
        }
    }
}
