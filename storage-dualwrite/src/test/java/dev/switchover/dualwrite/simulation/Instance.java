package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.SimulatedWatch;
import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.switchover.Attached;
import dev.switchover.dualwrite.switchover.GuardedStart;
import dev.switchover.dualwrite.switchover.Started;
import dev.switchover.dualwrite.testing.MemoryStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A process of a service: does what the router's start, its threads and its end do, in the same order, with the real guard,
 * switchover, mirror, routes and watch.
 */
final class Instance {

    enum Stage {
        STARTING,
        SERVING,
        REFUSED,
        STOPPED
    }

    final int number;
    final Map<CollectionSchema<?, ?>, Phase> phases;
    final SwitchoverSettings settings;
    final Lifeline lifeline = new Lifeline();

    private final Scenario scenario;
    private final Scheduler scheduler;
    private final MemoryStore database;
    private final SimulatedWatch watch;
    private final Lock monitor;
    private final Followers followers;
    private final HandingOver handingOver;
    private @Nullable MemoryStore json;
    private @Nullable MemoryStore lastJson;
    private boolean mirrorsStarted;
    private boolean stopping;
    private boolean closed;
    private Stage stage = Stage.STARTING;
    private @Nullable StorageException refusal;

    Instance(Scenario scenario, int number, Map<CollectionSchema<?, ?>, Phase> phases, SwitchoverSettings settings) {
        this.scenario = scenario;
        this.scheduler = scenario.scheduler;
        this.number = number;
        this.phases = phases;
        this.settings = settings;
        this.database = scenario.openDatabase();
        this.watch = new SimulatedWatch(database, phases, this::startAgain, this::answered, scenario.clock);
        this.monitor = scheduler.newLock();
        this.followers = new Followers(this, scenario);
        this.handingOver = new HandingOver(this, scenario);
    }

    void begin() {
        scheduler.spawn("p" + number, lifeline, this::live);
    }

    Stage stage() {
        return stage;
    }

    boolean isOver() {
        return lifeline.isDead() || stage == Stage.REFUSED || stage == Stage.STOPPED;
    }

    @Nullable
    StorageException refusal() {
        return refusal;
    }

    void stop() {
        stopping = true;
    }

    boolean isClosed() {
        return closed;
    }

    SimulatedWatch watch() {
        return watch;
    }

    @Nullable
    MemoryStore json() {
        return json;
    }

    /** The last one it had, for whoever kills it. */
    @Nullable
    MemoryStore lastJson() {
        return lastJson;
    }

    RecordStore primary(CollectionSchema<?, ?> schema) {
        return store(phase(schema).primary());
    }

    Phase phase(CollectionSchema<?, ?> schema) {
        return phases.getOrDefault(schema, Phase.JSON_ONLY);
    }

    RecordStore store(Store store) {
        if (store == Store.POSTGRESQL) {
            return database;
        }
        MemoryStore held = json;
        if (held == null) {
            throw new StoreUnavailableException(Store.JSON, "another process has the directory now", null);
        }
        return held;
    }

    boolean usesDatabase() {
        return phases.values().stream().anyMatch(Phase::databasePhase);
    }

    private void live() {
        try {
            for (CollectionSchema<?, ?> schema : phases.keySet()) {
                startAgain(schema);
            }
            mirrorsStarted = true;
            locked(this::follow);
        } catch (StorageException e) {
            refusal = e;
            closed = true;
            followers.close();
            release();
            stage = Stage.REFUSED;
            return;
        }
        stage = Stage.SERVING;
        if (usesDatabase()) {
            scheduler.spawn("p" + number + "/watch", lifeline, this::watchDatabase);
        }
        scheduler.spawn("p" + number + "/hand-over", lifeline, handingOver);
        for (int i = 0; i < scenario.clients(); i++) {
            String name = "p" + number + "/client" + i;
            scheduler.spawn(name, lifeline, new Client(name, this, scenario));
        }
        scheduler.await(() -> stopping, Long.MAX_VALUE);
        close();
        stage = Stage.STOPPED;
        lifeline.cut(); // what its other threads are still at ends with the process
    }

    /** The order is that of an open storage's end. */
    private void close() {
        closed = true;
        scheduler.step("closing", null);
        locked(followers::close);
        if (usesDatabase() && !watch.databaseIsAway()) {
            new PositionNoting(this, scenario).note();
        }
        release();
    }

    private void watchDatabase() {
        while (!closed) {
            scheduler.await(() -> closed, Scheduler.SECOND);
            if (!closed) {
                watch.ask();
            }
        }
    }

    private void startAgain(CollectionSchema<?, ?> schema) {
        locked(() -> {
            if (closed) {
                return;
            }
            start(schema, guard(attach()));
            if (mirrorsStarted && allServe()) {
                follow();
            }
        });
    }

    private void answered() {
        locked(() -> {
            if (!closed && mirrorsStarted) {
                followers.follow(Phase.DB_PRIMARY);
            }
        });
    }

    void start(CollectionSchema<?, ?> schema, GuardedStart guard) {
        try {
            followers.drain(schema, guard);
        } catch (StoreUnavailableException e) {
            // Nothing is carried over before it starts.
        }
        if (guard.start(schema, phase(schema)) instanceof Started.Serving serving) {
            serves(schema, serving.authority().epoch());
        }
    }

    void serves(CollectionSchema<?, ?> schema, long epoch) {
        scenario.checker.serves(schema, phase(schema), this);
        watch.serve(schema, epoch);
    }

    void follow() {
        followers.follow(Phase.JSON_PRIMARY);
        followers.follow(Phase.DB_PRIMARY);
        if (phases.values().stream().allMatch(phase -> phase == Phase.DB_ONLY) && allServe()) {
            release();
        }
    }

    private boolean allServe() {
        return phases.keySet().stream().allMatch(watch::serving);
    }

    List<CollectionSchema<?, ?>> serving(Phase phase) {
        List<CollectionSchema<?, ?>> schemas = new ArrayList<>();
        phases.forEach((schema, its) -> {
            if (its == phase && watch.serving(schema) && watch.fencedBecause(schema) == null) {
                schemas.add(schema);
            }
        });
        return schemas;
    }

    Followers followers() {
        return followers;
    }

    HandingOver handingOver() {
        return handingOver;
    }

    void locked(Runnable body) {
        monitor.lock();
        try {
            body.run();
        } finally {
            monitor.unlock();
        }
    }

    GuardedStart guard(Attached ofJson) {
        return new GuardedStart(ofJson, new Attached.Open(database), settings, scenario.surroundings);
    }

    private Attached attach() {
        if (holdJson()) {
            return new Attached.Open(store(Store.JSON));
        }
        if (!settings.takeOver()) {
            return new Attached.Locked("another process");
        }
        new TakingOver(this, scenario).take();
        return new Attached.Open(store(Store.JSON));
    }

    /** Whether this process has the directory now. */
    boolean holdJson() {
        if (json != null) {
            return true;
        }
        MemoryStore opened = scenario.openJson();
        scheduler.step("lock", null);
        if (!scenario.directory.lock(opened)) {
            return false;
        }
        json = opened;
        lastJson = opened;
        return true;
    }

    void release() {
        MemoryStore held = json;
        json = null;
        if (held != null) {
            scheduler.step("release", null);
            scenario.releaseJson(held);
        }
    }

    @Override
    public String toString() {
        return "p" + number + " " + phases.values() + " " + stage;
    }
}
