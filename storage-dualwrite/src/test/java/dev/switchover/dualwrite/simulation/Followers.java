package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.mirror.Mirror;
import dev.switchover.dualwrite.mirror.MirrorCondition;
import dev.switchover.dualwrite.mirror.MirrorStatus;
import dev.switchover.dualwrite.mirror.SimulatedMirror;
import dev.switchover.dualwrite.switchover.Attached;
import dev.switchover.dualwrite.switchover.GuardedStart;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.RecordStore;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mirror workers of a process, and its waiting for the directory when another one keeps the mirror. */
final class Followers {

    private record Running(Mirror mirror, Set<CollectionSchema<?, ?>> schemas) {}

    private final Instance instance;
    private final Scenario scenario;
    private final Map<Store, Running> running = new EnumMap<>(Store.class);
    private boolean waitsForDirectory;

    Followers(Instance instance, Scenario scenario) {
        this.instance = instance;
        this.scenario = scenario;
    }

    @Nullable
    Mirror of(Store primary) {
        Running worker = running.get(primary);
        return worker == null ? null : worker.mirror();
    }

    void follow(Phase phase) {
        List<CollectionSchema<?, ?>> schemas = instance.serving(phase);
        if (schemas.isEmpty() || follows(phase.primary(), schemas)) {
            return;
        }
        if (instance.json() == null) {
            waitForDirectory();
            return;
        }
        GuardedStart guard = instance.guard(new Attached.Open(instance.store(Store.JSON)));
        Mirror mirror = mirror(phase, schemas, guard);
        Running before = running.put(phase.primary(), new Running(mirror, Set.copyOf(schemas)));
        if (before != null) {
            before.mirror().close();
        }
        mirror.start();
    }

    private boolean follows(Store primary, List<CollectionSchema<?, ?>> schemas) {
        Running worker = running.get(primary);
        if (worker == null || !worker.schemas().equals(Set.copyOf(schemas))) {
            return false;
        }
        MirrorStatus status = worker.mirror().status();
        return status.health() != MirrorCondition.STOPPED
                && status.collections().size() == schemas.size();
    }

    Mirror mirror(Phase phase, List<CollectionSchema<?, ?>> schemas, GuardedStart guard) {
        return SimulatedMirror.of(
                instance.store(phase.primary()),
                instance.store(phase.primary().other()),
                schemas,
                schema -> guard.joinMirror(schema, phase),
                scenario.plan.mirrorSettings(instance.settings),
                scenario.clock,
                scenario.scheduler);
    }

    /** Before a phase without a mirror, what a crash left pending is carried over. */
    void drain(CollectionSchema<?, ?> schema, GuardedStart guard) {
        Phase wanted = instance.phase(schema);
        if (wanted.mirrored() || instance.json() == null) {
            return;
        }
        RecordStore primary = instance.store(wanted.primary());
        primary.prepare();
        LedgerEntry entry = primary.ledger().read(schema).orElse(null);
        boolean leftPending = entry != null
                && entry.serves()
                && entry.mirroring() != Mirroring.OFF
                && primary.pending().summary(schema).count() > 0
                && !primary.ledger().hasLiveLease(schema);
        if (!leftPending) {
            return;
        }
        Phase mirrored = Phase.of(wanted.databasePhase(), true);
        guard.start(schema, mirrored);
        try (Mirror mirror = mirror(mirrored, List.of(schema), guard)) {
            mirror.start();
            mirror.awaitInSync(instance.settings.closeTimeout());
        }
    }

    void waitForDirectory() {
        if (waitsForDirectory) {
            return;
        }
        waitsForDirectory = true;
        scenario.scheduler.spawn("p" + instance.number + "/directory", instance.lifeline, () -> {
            while (waitsForDirectory && !instance.isClosed()) {
                scenario.scheduler.await(instance::isClosed, Scheduler.SECOND);
                instance.locked(this::tryDirectory);
            }
        });
    }

    private void tryDirectory() {
        if (!instance.isClosed() && instance.handingOver().takeDirectory()) {
            waitsForDirectory = false;
        }
    }

    void close() {
        List<Running> last = List.copyOf(running.values());
        running.clear();
        last.forEach(worker -> worker.mirror().close());
    }
}
