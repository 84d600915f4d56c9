package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.guard.Histories;
import dev.switchover.dualwrite.switchover.Attached;
import dev.switchover.dualwrite.switchover.GuardedStart;
import dev.switchover.dualwrite.switchover.Started;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The holder's side of handing over the directory, as the router's thread does it. */
final class HandingOver implements Runnable {

    private final Instance instance;
    private final Scenario scenario;
    private final Scheduler scheduler;
    private final Map<CollectionSchema<?, ?>, LedgerEntry> left = new LinkedHashMap<>();
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
        instance.locked(this::takeBack);
    }

    private void letGo() {
        instance.phases.forEach((schema, phase) -> {
            if (!phase.databasePhase() && instance.watch().fencedBecause(schema) == null) {
                instance.watch().fence(schema, "handed over");
                instance.store(Store.JSON).ledger().read(schema).ifPresent(entry -> left.put(schema, entry));
            }
        });
        instance.followers().close();
        instance.release();
    }

    private void takeBack() {
        if (!instance.isClosed() && !takeDirectory()) {
            instance.follow();
            if (!left.isEmpty()) {
                instance.followers().waitForDirectory();
            }
        }
    }

    /** Serves again what was let go of, and does what else the directory is needed for; false if it cannot be had now. */
    boolean takeDirectory() {
        boolean leftToOthers = scenario.directory.request() != null;
        if (leftToOthers || !serveAgain() || (isDirectoryNeeded() && !instance.holdJson())) {
            return false;
        }
        instance.follow();
        return true;
    }

    private boolean isDirectoryNeeded() {
        return instance.phases.entrySet().stream()
                .anyMatch(its -> !instance.watch().serving(its.getKey())
                        || (its.getValue() != Phase.DB_ONLY && instance.watch().fencedBecause(its.getKey()) == null));
    }

    private boolean serveAgain() {
        if (left.isEmpty()) {
            return true;
        }
        if (!instance.holdJson()) {
            return false;
        }
        try {
            startAgain().forEach(instance::serves);
            left.clear();
            return true;
        } catch (StoreUnavailableException e) {
            instance.release();
            return false;
        } catch (StorageException e) {
            left.clear(); // fenced for good
            instance.release();
            return true;
        }
    }

    private Map<CollectionSchema<?, ?>, Long> startAgain() {
        RecordStore json = instance.store(Store.JSON);
        left.forEach((schema, seen) -> requireGoesOn(json.ledger(), schema, seen));
        GuardedStart guard = instance.guard(new Attached.Open(json)).keepingTheAuthority();
        Map<CollectionSchema<?, ?>, Long> epochs = new LinkedHashMap<>();
        left.keySet().forEach(schema -> {
            Started.Serving serving = (Started.Serving) guard.start(schema, instance.phase(schema));
            epochs.put(schema, serving.authority().epoch());
        });
        return epochs;
    }

    private static void requireGoesOn(Ledger ledger, CollectionSchema<?, ?> schema, LedgerEntry seen) {
        boolean remembers = ledger.remembers(schema, seen.position().token());
        if (ledger.read(schema)
                .filter(entry -> Histories.goesOn(entry, remembers, seen))
                .isEmpty()) {
            throw new FencedException(schema.name(), "it does not go on from where it was let go of");
        }
    }
}
