package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.mirror.Mirror;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Reads and writes a few ids over and over, as the router would for a service. */
final class Client implements Runnable {

    private final String name;
    private final Instance instance;
    private final Scenario scenario;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private int written;

    Client(String name, Instance instance, Scenario scenario) {
        this.name = name;
        this.instance = instance;
        this.scenario = scenario;
        this.scheduler = scenario.scheduler;
        this.random = scheduler.random();
    }

    @Override
    public void run() {
        for (int i = 0; i < scenario.plan.operations && !instance.isClosed(); i++) {
            scheduler.sleep(random.nextLong(scenario.plan.thinking));
            try {
                if (random.nextInt(4) == 0) {
                    read();
                } else {
                    write();
                }
            } catch (FencedException | StoreUnavailableException e) {
                if (instance.usesDatabase() && random.nextInt(3) == 0) {
                    instance.watch().ask();
                }
            } catch (StorageException e) {
                // A conflict, or not to be known, or closed by now.
            }
        }
    }

    private void read() {
        CollectionSchema<?, ?> schema = anySchema();
        requireServed(schema);
        instance.primary(schema).find(schema, anyId());
    }

    private void write() {
        List<Write> writes = new ArrayList<>();
        CollectionSchema<?, ?> first = anySchema();
        writes.add(write(first));
        if (random.nextInt(4) == 0) {
            CollectionSchema<?, ?> second = anySchema();
            if (instance.phase(second).primary() == instance.phase(first).primary()) {
                writes.add(write(second));
            }
        }
        Operation operation = new Operation(name + " write " + ++written);
        scheduler.current().operation = operation;
        List<Written> results;
        try {
            for (Write write : writes) {
                requireServed(write.schema());
            }
            results = instance.primary(first).write(writes);
            operation.told(Operation.Told.ACKNOWLEDGED);
        } catch (UnknownOutcomeException e) {
            operation.told(Operation.Told.UNKNOWN);
            throw e;
        } catch (StorageException e) {
            operation.told(Operation.Told.REFUSED);
            throw e;
        } finally {
            scheduler.current().operation = null;
        }
        offer(instance.phase(first).primary(), results);
    }

    private void offer(Store primary, List<Written> results) {
        scheduler.step("offer", null);
        Mirror mirror = instance.followers().of(primary);
        List<Written> pending = results.stream().filter(Written::pending).toList();
        if (mirror != null && !pending.isEmpty()) {
            mirror.offer(pending);
        }
    }

    private void requireServed(CollectionSchema<?, ?> schema) {
        instance.watch().check(schema);
        Phase phase = instance.phase(schema);
        if (phase.databasePhase()) {
            instance.watch().checkDatabase();
        }
        if (!instance.watch().serving(schema)) {
            throw new StoreUnavailableException(phase.primary(), "not served yet", null);
        }
    }

    private Write write(CollectionSchema<?, ?> schema) {
        RecordId id = anyId();
        byte[] body = scenario.body(id, name + "." + written + "." + schema.name());
        return switch (random.nextInt(8)) {
            case 0 -> new Write.Put(schema, id, body, Expected.ABSENT);
            case 1 -> new Write.Delete(schema, id, Expected.ANY);
            case 2 -> new Write.Delete(schema, id, expected(schema, id));
            case 3 -> new Write.Put(schema, id, body, expected(schema, id));
            case 4 ->
                new Write.Insert(
                        schema,
                        "{\"id\":".getBytes(StandardCharsets.UTF_8),
                        (",\"v\":\"" + name + "." + written + "\"}").getBytes(StandardCharsets.UTF_8));
            default -> new Write.Put(schema, id, body, Expected.ANY);
        };
    }

    private Expected expected(CollectionSchema<?, ?> schema, RecordId id) {
        requireServed(schema);
        Optional<RawRecord> present = instance.primary(schema).find(schema, id);
        return new Expected.Version(present.map(RawRecord::version).orElse(0L));
    }

    private CollectionSchema<?, ?> anySchema() {
        List<CollectionSchema<?, ?>> schemas = List.copyOf(instance.phases.keySet());
        return schemas.get(random.nextInt(schemas.size()));
    }

    private RecordId anyId() {
        return new RecordId(Integer.toString(1 + random.nextInt(scenario.plan.ids)));
    }
}
