package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.mirror.Mirror;
import dev.switchover.dualwrite.mirror.MirrorCondition;
import dev.switchover.dualwrite.testing.MemoryView;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Write;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The mishaps are over: a start in each direction serves all there is, and the stores become equal. */
final class Convergence {

    private static final int STARTS_AT_MOST = 8;
    private static final long PATIENCE = 300 * Scheduler.SECOND;

    private final Scenario scenario;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final Map<String, String> operator = new HashMap<>();

    Convergence(Scenario scenario) {
        this.scenario = scenario;
        this.scheduler = scenario.scheduler;
        this.random = scheduler.random();
    }

    void run() {
        scheduler.step("calm", null);
        scheduler.calm();
        scenario.calm();
        for (Instance instance : scenario.alive()) {
            if (random.nextBoolean()) {
                instance.stop();
            } else {
                scenario.kill(instance, random.nextBoolean());
            }
        }
        await("all have stopped", () -> scenario.alive().isEmpty() && !scheduler.someUnwind());
        await("all statements have arrived", () -> scenario.network.underway() == 0);

        Phase first = Phase.values()[random.nextInt(4)];
        serveIn(first);
        serveIn(Phase.of(!first.databasePhase(), random.nextBoolean()));
        serveIn(Phase.of(first.databasePhase(), true));
    }

    private void await(String what, java.util.function.BooleanSupplier until) {
        if (!scheduler.await(until, PATIENCE)) {
            throw new Violation("it never came to this: " + what + "; there are " + scenario.instances);
        }
    }

    private void serveIn(Phase phase) {
        for (int i = 0; i < STARTS_AT_MOST; i++) {
            boolean decided = !operator.isEmpty();
            Instance instance = start(phase);
            StorageException refusal = instance.refusal();
            if (refusal == null) {
                judge(instance, phase, decided);
                return;
            }
            answer(refusal, phase);
        }
        throw new Violation("no start in " + phase + " succeeds: " + scenario.instances);
    }

    private Instance start(Phase phase) {
        Map<CollectionSchema<?, ?>, Phase> phases = new LinkedHashMap<>();
        scenario.schemas.forEach(schema -> phases.put(schema, phase));
        Instance instance = scenario.start(phases, SwitchoverSettings.of(operator));
        operator.clear();
        await("a start has ended", () -> instance.stage() != Instance.Stage.STARTING);
        return instance;
    }

    private void answer(StorageException refusal, Phase phase) {
        if (!(refusal instanceof StartRefusedException refused)) {
            throw new Violation("a start ended with " + refusal);
        }
        scheduler.step("refused", refused.code());
        if (refused.code().equals("PARKED-RECORDS")) {
            retryParked();
        } else if (Refusals.saysApart(refused) && scenario.plan.mayNeedAnOperator()) {
            boolean adopts = !Refusals.forcedEpoch(refused).isPresent() || random.nextBoolean();
            if (adopts && !refused.code().equals("LINEAGE-DIFFERS")) {
                operator.put("SWITCHOVER_ADOPT", random.nextBoolean() ? "json" : "database");
            } else {
                Refusals.forcedEpoch(refused).ifPresent(epoch -> operator.put("SWITCHOVER_FORCE", epoch));
            }
        } else {
            throw new Violation("a start in " + phase + " is refused for no good reason: " + refused.getMessage());
        }
    }

    /** The operator removes the cause, has them tried again, and lets the mirror get in step. */
    private void retryParked() {
        Map<CollectionSchema<?, ?>, Phase> phases = new LinkedHashMap<>();
        for (CollectionSchema<?, ?> schema : scenario.schemas) {
            phases.put(schema, Phase.of(isAuthority(Store.POSTGRESQL, schema), true));
        }
        Instance instance = scenario.start(phases, SwitchoverSettings.DEFAULTS);
        await("a start has ended", () -> instance.stage() != Instance.Stage.STARTING);
        if (instance.refusal() == null) {
            retryParked(instance);
            inSync(instance);
        }
        instance.stop();
        await("an instance has stopped", instance::isOver);
    }

    private void retryParked(Instance instance) {
        for (CollectionSchema<?, ?> schema : scenario.schemas) {
            MemoryView view = scenario.checker.view(instance.phase(schema).primary(), schema);
            instance.primary(schema).pending().retry(schema, List.copyOf(view.parked()));
        }
    }

    private boolean isAuthority(Store store, CollectionSchema<?, ?> schema) {
        LedgerEntry entry = scenario.checker.view(store, schema).entry();
        return entry != null && entry.serves();
    }

    private void judge(Instance instance, Phase phase, boolean decided) {
        for (CollectionSchema<?, ?> schema : scenario.schemas) {
            History history = scenario.checker.history(schema.name());
            if (history.mustBeNoticed() && !decided) {
                throw new Violation(phase + " serves " + schema.name() + ", whose primary lost its latest records");
            }
            MemoryView view = scenario.checker.view(phase.primary(), schema);
            if (!isAuthority(phase.primary(), schema)
                    || isAuthority(phase.primary().other(), schema)) {
                throw new Violation(phase + " serves, and the ledgers are " + view.entry() + " and "
                        + scenario.checker.view(phase.primary().other(), schema).entry());
            }
            if (history.follows(phase.primary(), view)) {
                history.requireAll(phase.primary(), view, "is served in " + phase);
            }
            RecordId id = new RecordId("1");
            Operation last = new Operation("the last write in " + phase);
            scheduler.current().operation = last;
            instance.primary(schema)
                    .write(List.of(new Write.Put(schema, id, scenario.body(id, "last in " + phase), Expected.ANY)));
            last.told(Operation.Told.ACKNOWLEDGED);
            scheduler.current().operation = null;
        }
        boolean equal = false;
        if (phase.mirrored()) {
            retryParked(instance);
            equal = inSync(instance);
        }
        instance.stop();
        await("an instance has stopped", instance::isOver);
        if (equal) {
            scenario.schemas.forEach(schema -> requireEqual(schema, phase));
        }
    }

    /** @return whether it is; a worker that sees that its primary was put back waits for a person */
    private boolean inSync(Instance instance) {
        for (Store store : Store.values()) {
            Mirror mirror = instance.followers().of(store);
            if (mirror == null || mirror.awaitInSync(Duration.ofMinutes(5))) {
                continue;
            }
            if (scenario.plan.restore && mirror.status().health() == MirrorCondition.REFUSED) {
                return false;
            }
            throw new Violation("the mirror does not come into step: " + mirror.status());
        }
        return true;
    }

    private void requireEqual(CollectionSchema<?, ?> schema, Phase phase) {
        MemoryView primary = scenario.checker.view(phase.primary(), schema);
        MemoryView mirror = scenario.checker.view(phase.primary().other(), schema);
        LedgerEntry entry = primary.entry();
        History history = scenario.checker.history(schema.name());
        if (!scenario.checker.mirrorRule().equal(history, primary, mirror)
                || !primary.marked().isEmpty()
                || entry == null
                || entry.mirroring() != Mirroring.ON) {
            throw new Violation(
                    "after " + phase + " the stores differ in " + schema.name() + ": " + primary + " and " + mirror);
        }
    }
}
