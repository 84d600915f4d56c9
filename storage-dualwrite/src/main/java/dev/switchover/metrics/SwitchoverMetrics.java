package dev.switchover.metrics;

import dev.switchover.dualwrite.CallListener;
import dev.switchover.dualwrite.CallListener.Call;
import dev.switchover.dualwrite.CallListener.Kind;
import dev.switchover.dualwrite.CallListener.Outcome;
import dev.switchover.dualwrite.StorageStatus;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of one storage. Given to the builder as its listener of calls, and bound to the storage once it is open:
 *
 * <pre>{@code
 * SwitchoverMetrics metrics = new SwitchoverMetrics(registry);
 * SwitchoverStorage storage = Switchover.builder()….calls(metrics).open();
 * metrics.bind(storage);
 * }</pre>
 *
 * <p>Every meter is there from the moment it is bound, with zero or, where nothing is known, not a number. Tags are store, phase,
 * collection and outcome, never an id. A gauge is as old as a second at most; reading them waits for the database about a second
 * at most. Thread-safe.
 */
public final class SwitchoverMetrics implements CallListener, AutoCloseable {

    static final String READ = "switchover.read";
    static final String WRITE = "switchover.write";

    private final MeterRegistry registry;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
    private final List<Gauges> bound = new ArrayList<>();

    private record Key(Kind kind, Store store, Phase phase, String collection, Outcome outcome) {}

    public SwitchoverMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Registers every meter of this storage. Its gauges stay until {@link #close}. */
    public synchronized void bind(SwitchoverStorage storage) {
        StorageStatus status = storage.status();
        List<CollectionStatus> collections = status.collections();
        collections.forEach(collection -> register(collection.phase(), collection.name()));
        if (collections.size() > 1) {
            collections.stream()
                    .map(CollectionStatus::phase)
                    .distinct()
                    .forEach(phase -> register(phase, Call.SEVERAL));
        }
        Gauges gauges = new Gauges(registry, new StatusPoll(storage::status));
        gauges.register(status);
        bound.add(gauges);
    }

    private void register(Phase phase, String collection) {
        for (Kind kind : Kind.values()) {
            for (Outcome outcome : Outcome.values()) {
                if (outcome == Outcome.STALE) {
                    if (kind == Kind.READ && phase.databasePhase()) {
                        timer(new Key(kind, Store.JSON, phase, collection, outcome));
                    }
                } else {
                    timer(new Key(kind, phase.primary(), phase, collection, outcome));
                }
            }
        }
    }

    @Override
    public void ended(Call call) {
        timer(new Key(call.kind(), call.store(), call.phase(), call.collection(), call.outcome()))
                .record(Duration.ofNanos(call.nanos()));
    }

    private Timer timer(Key key) {
        Timer known = timers.get(key);
        return known != null ? known : timers.computeIfAbsent(key, this::newTimer);
    }

    private Timer newTimer(Key key) {
        boolean read = key.kind() == Kind.READ;
        return Timer.builder(read ? READ : WRITE)
                .description(read ? "Reads as their callers saw them" : "Writes as their callers saw them")
                .tags(Tags.of(
                        "store", lower(key.store()),
                        "phase", lower(key.phase()),
                        "collection", key.collection(),
                        "outcome", lower(key.outcome())))
                .publishPercentileHistogram()
                .register(registry);
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Removes every meter. */
    @Override
    public synchronized void close() {
        timers.values().forEach(registry::remove);
        timers.clear();
        bound.forEach(Gauges::remove);
        bound.clear();
    }
}
