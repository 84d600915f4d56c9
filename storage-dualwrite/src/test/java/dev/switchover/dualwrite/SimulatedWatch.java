package dev.switchover.dualwrite;

import dev.switchover.dualwrite.flags.FlagValue;
import dev.switchover.dualwrite.flags.PhaseChoice;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The real routes and the real watch of the database, asked by a simulation instead of a thread of its own. */
public final class SimulatedWatch {

    private final Map<CollectionSchema<?, ?>, Route> routes = new LinkedHashMap<>();
    private final DatabaseWatch watch;

    /**
     * @param start a collection that does not serve yet although the database answers
     * @param answered whenever the database has answered
     */
    public SimulatedWatch(
            RecordStore postgres,
            Map<CollectionSchema<?, ?>, Phase> phases,
            Consumer<CollectionSchema<?, ?>> start,
            Runnable answered,
            Clock clock) {
        List<Route> inDatabase = new ArrayList<>();
        phases.forEach((schema, phase) -> {
            FlagValue database = new FlagValue(phase.databasePhase(), "simulated");
            FlagValue mirrored = new FlagValue(phase.mirrored(), "simulated");
            Route route = new Route(schema, new PhaseChoice(phase, database, mirrored));
            routes.put(schema, route);
            if (phase.databasePhase()) {
                inDatabase.add(route);
            }
        });
        DatabaseWatch.Start starting = new DatabaseWatch.Start() {
            @Override
            public void start(Route route) {
                start.accept(route.schema());
            }

            @Override
            public void answered() {
                answered.run();
            }
        };
        this.watch =
                new DatabaseWatch(postgres, inDatabase, starting, Duration.ofSeconds(1), Duration.ofSeconds(4), clock);
    }

    /** What the watch does every second. */
    public void ask() {
        if (watch.answers()) {
            watch.goOn();
        }
    }

    public void checkDatabase() {
        watch.check();
    }

    public boolean databaseIsAway() {
        return watch.health().outage() != null;
    }

    public void serve(CollectionSchema<?, ?> schema, long epoch) {
        route(schema).serve(epoch);
    }

    public boolean serving(CollectionSchema<?, ?> schema) {
        return route(schema).serving();
    }

    public void fence(CollectionSchema<?, ?> schema, String reason) {
        route(schema).fence(reason);
    }

    public void check(CollectionSchema<?, ?> schema) {
        route(schema).check();
    }

    public @Nullable String fencedBecause(CollectionSchema<?, ?> schema) {
        return route(schema).fencedBecause();
    }

    private Route route(CollectionSchema<?, ?> schema) {
        Route route = routes.get(schema);
        if (route == null) {
            throw new IllegalArgumentException(schema.name());
        }
        return route;
    }
}
