package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.mirror.SimulatedMirror;
import dev.switchover.dualwrite.reconcile.Difference;
import dev.switchover.dualwrite.switchover.AsideFiles;
import dev.switchover.dualwrite.switchover.StartLog;
import dev.switchover.dualwrite.switchover.Surroundings;
import dev.switchover.dualwrite.testing.MemoryDisk;
import dev.switchover.dualwrite.testing.MemoryStore;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The simulated world of one seed: two disks, the processes on them, what is between, and the judge. */
final class Scenario {

    record Thing(Long id, String v) {}

    record Part(Long id, String v) {}

    private static final List<CollectionSchema<?, ?>> SCHEMAS = List.of(
            CollectionSchema.of(CollectionDefinition.of("things", Thing.class, Long.class)
                    .idGeneration(IdGeneration.SEQUENCE)
                    .build()),
            CollectionSchema.of(CollectionDefinition.of("parts", Part.class, Long.class)
                    .idGeneration(IdGeneration.SEQUENCE)
                    .build()));

    final Scheduler scheduler;
    final Plan plan;
    final Clock clock;
    final List<CollectionSchema<?, ?>> schemas;
    final MemoryDisk json;
    final MemoryDisk database;
    final Checker checker;
    final Directory directory;
    final Network network;
    final Surroundings surroundings;
    final List<Instance> instances = new ArrayList<>();
    private boolean calm;

    Scenario(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.plan = new Plan(scheduler.random());
        this.clock = new SimulatedClock(scheduler);
        this.schemas = SCHEMAS.subList(0, plan.collections);
        this.json = MemoryDisk.of(Store.JSON, clock);
        this.database = MemoryDisk.of(Store.POSTGRESQL, clock);
        this.checker = new Checker(json, database, schemas);
        this.directory = new Directory(scheduler, checker);
        this.network = new Network(scheduler, checker);
        this.surroundings = new Surroundings(
                this::openAside,
                () -> OptionalLong.of(Long.MAX_VALUE),
                clock,
                StartLog.silent(),
                SimulatedMirror.catchUp(scheduler),
                Duration.ofMillis(500));
        json.traffic(directory);
        database.traffic(network);
    }

    MemoryDisk disk(Store store) {
        return store == Store.JSON ? json : database;
    }

    MemoryStore openJson() {
        return json.open(schemas.toArray(new CollectionSchema<?, ?>[0]));
    }

    MemoryStore openDatabase() {
        return database.open(schemas.toArray(new CollectionSchema<?, ?>[0]));
    }

    /** Closing writes a checkpoint. */
    void releaseJson(MemoryStore held) {
        if (directory.isOwner(held)) {
            json.forceAll();
        }
        held.close();
        directory.unlock(held);
    }

    byte[] body(RecordId id, String value) {
        return ("{\"id\":" + id.text() + ",\"v\":\"" + value + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /** A file from before the library. */
    void existing(CollectionSchema<?, ?> schema, long number) {
        RecordId id = new RecordId(Long.toString(number));
        RawRecord record = new RawRecord(id, number, number, body(id, "old"));
        json.existing(schema, record);
        checker.history(schema.name()).existing(record);
    }

    Instance start(Map<CollectionSchema<?, ?>, Phase> phases, SwitchoverSettings settings) {
        Instance instance = new Instance(this, instances.size() + 1, phases, settings);
        instances.add(instance);
        scheduler.step("start", phases.values() + (settings.takeOver() ? " take over" : ""));
        instance.begin();
        return instance;
    }

    /** From now on nothing goes wrong any more, and nobody writes. */
    void calm() {
        calm = true;
        network.away(false);
        network.lossRate(0);
        network.refuseNothing();
        directory.errorRate(0);
        directory.refuseNothing();
        instances.forEach(instance -> instance.lifeline.freeze(Long.MIN_VALUE));
    }

    int clients() {
        return calm ? 0 : plan.clients;
    }

    List<Instance> alive() {
        return instances.stream().filter(instance -> !instance.isOver()).toList();
    }

    /** The process dies at once; if the power goes, what JSON had not forced is lost. */
    void kill(Instance instance, boolean powerLoss) {
        scheduler.step("kill", instance + (powerLoss ? " power loss" : ""));
        instance.lifeline.cut();
        MemoryStore held = instance.lastJson();
        if (held != null && directory.isOwner(held)) {
            if (powerLoss) {
                json.dropVolatile();
            }
            directory.unlock(held);
        }
    }

    private AsideFiles.Aside openAside(CollectionSchema<?, ?> schema, String reason) {
        return new AsideFiles.Aside() {
            private final List<RawRecord> records = new ArrayList<>();

            @Override
            public void accept(Difference difference) {
                RawRecord overwritten = difference.right();
                if (overwritten != null) {
                    records.add(overwritten);
                }
            }

            @Override
            public void force() {
                scheduler.step("aside", schema.name());
                records.forEach(checker.history(schema.name())::savedAside);
            }

            @Override
            public long records() {
                return records.size();
            }

            @Override
            public String where() {
                return "memory";
            }

            @Override
            public void close() {
                force();
            }
        };
    }

    private static final class SimulatedClock extends Clock {

        private final Scheduler scheduler;

        SimulatedClock(Scheduler scheduler) {
            this.scheduler = scheduler;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(1_000_000_000, scheduler.nanoTime());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
