package dev.switchover.metrics;

import dev.switchover.dualwrite.StorageHealth;
import dev.switchover.dualwrite.StorageStatus;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.StorageStatus.Health;
import dev.switchover.dualwrite.StorageStatus.LedgerStatus;
import dev.switchover.dualwrite.StorageStatus.MirrorState;
import dev.switchover.dualwrite.StorageStatus.Pool;
import dev.switchover.dualwrite.StorageStatus.ShadowReads;
import dev.switchover.dualwrite.StorageStatus.StoreHealth;
import dev.switchover.storage.Store;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What a status says, as gauges. Not thread-safe, but the gauges are. */
final class Gauges {

    private static final String SECONDS = "seconds";

    private final MeterRegistry registry;
    private final StatusPoll poll;
    private final List<Meter> registered = new ArrayList<>();

    Gauges(MeterRegistry registry, StatusPoll poll) {
        this.registry = registry;
        this.poll = poll;
    }

    void register(StorageStatus status) {
        storage(
                "switchover.health",
                "2 all is well, 1 degraded: somebody should look, 0 a collection does not serve",
                Tags.empty(),
                Gauges::health);
        storage(
                "switchover.directory.held",
                "1 if this process writes the directory",
                Tags.empty(),
                now -> number(now.holdsDirectory()));
        for (StoreHealth store : status.stores()) {
            if (store.health() != Health.NOT_CONFIGURED) {
                storage(
                        "switchover.store.up",
                        "1 if the store answers",
                        tags(store.store()),
                        now -> up(now, store.store()));
            }
        }
        if (status.pool() != null) {
            pool("switchover.pool.active", "Connections at work", Pool::active);
            pool("switchover.pool.idle", "Connections that wait for work", Pool::idle);
            pool("switchover.pool.waiting", "Threads that wait for a connection", Pool::waiting);
            pool("switchover.pool.maximum", "Connections there may be", Pool::maximum);
        }
        status.collections().forEach(collection -> collection(status, collection));
    }

    private void collection(StorageStatus status, CollectionStatus first) {
        String name = first.name();
        Tags tags = Tags.of("collection", name, "phase", SwitchoverMetrics.lower(first.phase()));
        gauge(
                "switchover.serving",
                "1 if the primary serves this collection",
                null,
                tags,
                name,
                now -> number(now.serving()));
        gauge("switchover.epoch", "Changes of authority so far", null, tags, name, Gauges::epoch);
        gauge(
                "switchover.pending",
                "Ids whose latest state has not reached the mirror",
                null,
                tags,
                name,
                now -> known(now.pending()));
        gauge("switchover.parked", "Records that the mirror refuses", null, tags, name, now -> known(now.parked()));
        age(
                "switchover.pending.age",
                "Of the oldest pending id; 0 if there is none",
                tags,
                name,
                now -> now.pending() == 0 ? Age.NONE : Age.since(now.oldestPending()));
        age(
                "switchover.stale.age",
                "Of the copy that reads are answered from; 0 if they are not",
                tags,
                name,
                now -> now.staleAsOf() == null ? Age.NONE : Age.since(now.staleAsOf()));
        age(
                "switchover.verification.age",
                "Since the last verification",
                tags,
                name,
                now -> Age.since(
                        now.lastVerification() == null
                                ? null
                                : now.lastVerification().at()));
        age("switchover.export.age", "Since the last export", tags, name, now -> Age.since(now.lastExport()));
        age("switchover.backup.age", "Since the last backup", tags, name, now -> Age.since(now.lastBackup()));
        gauge(
                "switchover.drift",
                "Records that differ, as of the last verification",
                null,
                tags,
                name,
                now -> now.lastVerification() == null
                        ? Double.NaN
                        : now.lastVerification().drift());
        for (StoreHealth store : status.stores()) {
            if (store.health() != Health.NOT_CONFIGURED) {
                gauge(
                        "switchover.records",
                        "Records in the store",
                        null,
                        tags.and(tags(store.store())),
                        name,
                        now -> known(
                                store.store() == Store.JSON
                                        ? now.records().json()
                                        : now.records().postgresql()));
            }
        }
        if (first.phase().mirrored()) {
            Tags mirror = tags.and(tags(first.primary().other()));
            gauge(
                    "switchover.mirror.in.sync",
                    "1 if the mirror has everything",
                    null,
                    mirror,
                    name,
                    now -> inSync(now.mirror()));
            shadow(tags, name, "equal", now -> now.compared() - now.lagging() - now.mismatched());
            shadow(tags, name, "lagging", ShadowReads::lagging);
            shadow(tags, name, "mismatched", ShadowReads::mismatched);
            shadow(tags, name, "dropped", ShadowReads::dropped);
            shadow(tags, name, "failed", ShadowReads::failed);
        }
    }

    private void shadow(Tags tags, String collection, String outcome, ToLongFunction<ShadowReads> value) {
        registered.add(FunctionCounter.builder("switchover.shadow.reads", poll, source -> {
                    ShadowReads now = find(source.read(), collection).shadow();
                    return now == null ? 0 : value.applyAsLong(now);
                })
                .description("Reads that were asked of the mirror too and compared")
                .tags(tags.and("outcome", outcome))
                .register(registry));
    }

    private void pool(String name, String description, ToDoubleFunction<Pool> value) {
        storage(name, description, tags(Store.POSTGRESQL), now -> {
            Pool pool = now.pool();
            return pool == null ? Double.NaN : value.applyAsDouble(pool);
        });
    }

    private void storage(String name, String description, Tags tags, ToDoubleFunction<StorageStatus> value) {
        add(name, description, null, tags, value);
    }

    private void gauge(
            String name,
            String description,
            @Nullable String unit,
            Tags tags,
            String collection,
            ToDoubleFunction<CollectionStatus> value) {
        add(name, description, unit, tags, now -> value.applyAsDouble(find(now, collection)));
    }

    /** How long ago something was. */
    private record Age(boolean none, @Nullable Instant since) {

        static final Age NONE = new Age(true, null);

        /** @param instant null if unknown */
        static Age since(@Nullable Instant instant) {
            return new Age(false, instant);
        }

        double seconds(Instant now) {
            if (none) {
                return 0;
            }
            return since == null
                    ? Double.NaN
                    : Math.max(0, Duration.between(since, now).toMillis() / 1000.0);
        }
    }

    private interface AgeOf {
        Age of(CollectionStatus now);
    }

    private void age(String name, String description, Tags tags, String collection, AgeOf value) {
        add(
                name,
                description,
                SECONDS,
                tags,
                now -> value.of(find(now, collection)).seconds(now.time()));
    }

    private void add(
            String name, String description, @Nullable String unit, Tags tags, ToDoubleFunction<StorageStatus> value) {
        registered.add(Gauge.builder(name, poll, source -> value.applyAsDouble(source.read()))
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .strongReference(true)
                .register(registry));
    }

    void remove() {
        registered.forEach(registry::remove);
        registered.clear();
    }

    private static CollectionStatus find(StorageStatus status, String collection) {
        return status.collections().stream()
                .filter(one -> one.name().equals(collection))
                .findFirst()
                .orElseThrow();
    }

    private static Tags tags(Store store) {
        return Tags.of("store", SwitchoverMetrics.lower(store));
    }

    private static double health(StorageStatus status) {
        return switch (StorageHealth.of(status).level()) {
            case UP -> 2;
            case DEGRADED -> 1;
            case DOWN -> 0;
        };
    }

    private static double up(StorageStatus status, Store store) {
        return number(status.stores().stream().anyMatch(one -> one.store() == store && one.health() == Health.OK));
    }

    private static double epoch(CollectionStatus collection) {
        LedgerStatus ledger = collection.primary() == Store.JSON ? collection.json() : collection.postgresql();
        return ledger == null ? Double.NaN : ledger.epoch();
    }

    private static double inSync(@Nullable MirrorState mirror) {
        return mirror == null ? Double.NaN : number(mirror.health().equals("IN_SYNC"));
    }

    private static double known(long count) {
        return count < 0 ? Double.NaN : count;
    }

    private static double number(boolean value) {
        return value ? 1 : 0;
    }
}
