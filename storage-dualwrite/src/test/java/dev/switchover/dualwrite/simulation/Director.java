package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.testing.MemoryDisk;
import dev.switchover.dualwrite.testing.MemoryView;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Starts, stops, kills and freezes processes and lets mishaps happen, as the seed has it. */
final class Director implements Runnable {

    private final Scenario scenario;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final Plan plan;
    private final Map<Store, MemoryDisk.Snapshot> backups = new EnumMap<>(Store.class);
    private boolean restored;
    private int forced;

    Director(Scenario scenario) {
        this.scenario = scenario;
        this.scheduler = scenario.scheduler;
        this.random = scheduler.random();
        this.plan = scenario.plan;
    }

    @Override
    public void run() {
        if (plan.files) {
            for (CollectionSchema<?, ?> schema : scenario.schemas) {
                for (int id = 1; id <= 1 + random.nextInt(plan.ids); id++) {
                    scenario.existing(schema, id);
                }
            }
        }
        start();
        for (int i = 0; i < plan.actions; i++) {
            pause();
            act();
        }
        pause();
        new Convergence(scenario).run();
    }

    private void pause() {
        long most = Scheduler.MILLISECOND * (long) Math.pow(10, 1 + 3 * random.nextDouble());
        scheduler.sleep(random.nextLong(most));
    }

    private void act() {
        List<Instance> alive = scenario.alive();
        int dice = random.nextInt(100);
        if (alive.isEmpty() || (dice < 30 && alive.size() < 3)) {
            if (alive.isEmpty() && plan.restore && !restored && !backups.isEmpty() && random.nextBoolean()) {
                restore();
            }
            start();
        } else if (dice < 45) {
            any(alive).stop();
        } else if (dice < 60) {
            scenario.kill(any(alive), random.nextBoolean());
        } else if (dice < 68) {
            Instance instance = any(alive);
            long lasts = random.nextLong(random.nextInt(3) == 0 ? 60 * Scheduler.SECOND : 3 * Scheduler.SECOND);
            scheduler.step("freeze", instance);
            instance.lifeline.freeze(scheduler.nanoTime() + lasts);
        } else {
            mishap(alive);
        }
    }

    private void mishap(List<Instance> alive) {
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                if (plan.outages) {
                    outage();
                }
            }
            case 2 -> {
                if (plan.losses) {
                    scenario.network.lossRate(random.nextInt(3) == 0 ? 0 : 0.2 * random.nextDouble());
                }
            }
            case 3 -> {
                if (plan.jsonErrors) {
                    scenario.directory.errorRate(random.nextInt(2) == 0 ? 0 : 0.2 * random.nextDouble());
                }
            }
            case 4 -> {
                if (plan.lockLoss) {
                    scheduler.step("lock lost", null);
                    scenario.directory.loseLock();
                }
            }
            case 5 -> {
                if (plan.parking) {
                    park();
                }
            }
            case 6 -> {
                if (plan.tamper) {
                    tamper();
                }
            }
            case 7 -> {
                if (plan.serverKills) {
                    scheduler.step("kill server", null);
                    scenario.database.killServer();
                }
            }
            case 8 -> {
                if (plan.timeline) {
                    scheduler.step("timeline", null);
                    scenario.database.newTimeline();
                }
            }
            default -> backUpOrRestore(alive);
        }
    }

    private void outage() {
        scheduler.step("database away", null);
        scenario.network.away(true);
        long lasts = random.nextLong(random.nextInt(3) == 0 ? 40 * Scheduler.SECOND : 4 * Scheduler.SECOND);
        scheduler.spawn("outage", null, () -> {
            scheduler.sleep(lasts);
            scheduler.step("database back", null);
            scenario.network.away(false);
        });
    }

    private void park() {
        RecordId id = new RecordId(Integer.toString(1 + random.nextInt(plan.ids)));
        scheduler.step("refuse", id);
        if (random.nextBoolean()) {
            scenario.network.refuse(id);
        } else {
            scenario.directory.refuse(id);
        }
    }

    /** Somebody edits a mirror. */
    private void tamper() {
        CollectionSchema<?, ?> schema = any(scenario.schemas);
        for (Store store : Store.values()) {
            LedgerEntry entry = scenario.checker.view(store.other(), schema).entry();
            LedgerEntry own = scenario.checker.view(store, schema).entry();
            if (entry != null && entry.serves() && own != null && !own.serves()) {
                RecordId id = new RecordId(Integer.toString(1 + random.nextInt(plan.ids)));
                scheduler.step("tamper", store + " " + id);
                scenario.disk(store).tamper(schema, new RawRecord(id, 1, 1, scenario.body(id, "tampered")));
                scenario.checker.tampered();
                return;
            }
        }
    }

    private void backUpOrRestore(List<Instance> alive) {
        if (!plan.restore || restored) {
            return;
        }
        if (backups.isEmpty() || random.nextInt(3) == 0) {
            Store store = random.nextBoolean() ? Store.JSON : Store.POSTGRESQL;
            scheduler.step("back up", store);
            backups.put(store, scenario.disk(store).snapshot());
        } else if (alive.isEmpty() || (backups.containsKey(Store.POSTGRESQL) && random.nextInt(3) == 0)) {
            restore();
        }
    }

    /** JSON only while nobody has it. */
    private void restore() {
        Store store = any(List.copyOf(backups.keySet()));
        if (store == Store.JSON && !scenario.directory.isFree()) {
            return;
        }
        scheduler.step("restore", store);
        restored = true;
        for (CollectionSchema<?, ?> schema : scenario.schemas) {
            scenario.checker.mirrorRule().excuse(scenario.checker.history(schema.name()));
        }
        Map<String, MemoryView> before = new LinkedHashMap<>();
        scenario.schemas.forEach(schema -> before.put(schema.name(), scenario.checker.view(store, schema)));
        boolean running = !scenario.alive().isEmpty();
        scenario.disk(store).restoreTo(backups.get(store));
        for (CollectionSchema<?, ?> schema : scenario.schemas) {
            scenario.checker.mirrorRule().excuse(scenario.checker.history(schema.name()));
        }
        scenario.schemas.forEach(
                schema -> scenario.checker.restored(store, schema, before.get(schema.name()), running));
    }

    private void start() {
        Map<CollectionSchema<?, ?>, Phase> phases = new LinkedHashMap<>();
        Phase phase = any(List.of(Phase.values()));
        for (CollectionSchema<?, ?> schema : scenario.schemas) {
            phases.put(schema, random.nextInt(5) == 0 ? any(List.of(Phase.values())) : phase);
        }
        scenario.start(phases, settings());
    }

    private SwitchoverSettings settings() {
        Map<String, String> environment = new LinkedHashMap<>();
        if (plan.takeOver && random.nextInt(3) > 0) {
            environment.put("SWITCHOVER_TAKE_OVER", "true");
        }
        if (random.nextInt(5) == 0) {
            environment.put("SWITCHOVER_START_STALE", "true");
        }
        if (plan.force && forced < 2 && random.nextInt(3) == 0) {
            forcedEpoch().ifPresent(epoch -> {
                forced++;
                environment.put("SWITCHOVER_FORCE", epoch);
            });
        }
        return SwitchoverSettings.of(environment);
    }

    /** As printed by the last refusal that named one. */
    private java.util.Optional<String> forcedEpoch() {
        for (int i = scenario.instances.size() - 1; i >= 0; i--) {
            if (scenario.instances.get(i).refusal() instanceof StartRefusedException refused) {
                return Refusals.forcedEpoch(refused);
            }
        }
        return java.util.Optional.empty();
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
