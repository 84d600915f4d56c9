package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.switchover.Attached;
import dev.switchover.dualwrite.switchover.GuardedStart;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import org.jspecify.annotations.Nullable;

/** The holder's side of handing over the directory, as the router's thread does it. */
final class HandingOver implements Runnable {

    private final Instance instance;
    private final Scenario scenario;
    private final Scheduler scheduler;
    private Directory.@Nullable Request answered;

    HandingOver(Instance instance, Scenario scenario) {
        this.instance = instance;
        this.scenario = scenario;
        this.scheduler = scenario.scheduler;
    }

    @Override
    public void run() {
        while (!instance.isClosed()) {
            scheduler.await(instance::isClosed, 200 * Scheduler.MILLISECOND);
            Directory.Request request = scenario.directory.request();
            if (request != null && request != answered && instance.json() != null && !instance.isClosed()) {
                answer(request);
            }
        }
    }

    private void answer(Directory.Request request) {
        answered = request;
        try {
            instance.locked(this::letGo);
        } catch (StorageException e) {
            // The router logs it and goes on.
        }
        while (scenario.directory.request() == request) {
            if (scheduler.await(instance::isClosed, 200 * Scheduler.MILLISECOND)) {
                return;
            }
        }
        try {
            instance.locked(this::takeBack);
        } catch (StorageException e) {
            // It has been handed over.
        }
    }

    private void letGo() {
        instance.phases.forEach((schema, phase) -> {
            if (!phase.databasePhase()) {
                instance.watch().fence(schema, "handed over");
            }
        });
        instance.closeFollowers();
        instance.release();
    }

    private void takeBack() {
        if (instance.isClosed()) {
            return;
        }
        if (!instance.holdJson()) {
            instance.follow();
            return;
        }
        GuardedStart guard = instance.guard(new Attached.Open(instance.store(Store.JSON)));
        for (var schema : instance.phases.keySet()) {
            Phase phase = instance.phase(schema);
            if (!phase.databasePhase()) {
                instance.start(schema, guard);
            }
        }
        instance.follow();
    }
}
