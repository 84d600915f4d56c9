package dev.switchover.dualwrite;

import dev.switchover.dualwrite.DatabaseFacts.Facts;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.StorageStatus.Health;
import dev.switchover.dualwrite.StorageStatus.LedgerStatus;
import dev.switchover.dualwrite.StorageStatus.MirrorState;
import dev.switchover.dualwrite.StorageStatus.Pool;
import dev.switchover.dualwrite.StorageStatus.Records;
import dev.switchover.dualwrite.StorageStatus.StoreHealth;
import dev.switchover.dualwrite.mirror.Mirror;
import dev.switchover.dualwrite.mirror.MirrorCondition;
import dev.switchover.dualwrite.mirror.MirrorStatus;
import dev.switchover.dualwrite.shadow.ShadowReads;
import dev.switchover.json.JsonStore;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.RecordStore;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the status of an open storage. What cannot be read is left out, and said to be. Thread-safe. */
final class StatusReader {

    private final Surroundings surroundings;
    private final List<Route> routes;
    private final Stores stores;
    private final Mirrors mirrors;
    private final @Nullable DatabaseHealth health;
    private final @Nullable DatabaseFacts database;
    private final RecentReports recent;
    private final ShadowReads shadow;
    private final FollowUps followUps;
    private final Clock clock;

    /**
     * What does not change while the storage is open.
     *
     * @param directory the folder of the JSON files
     * @param database masked, or null if none is configured
     */
    record Surroundings(String directory, @Nullable String database) {}

    StatusReader(
            Surroundings surroundings,
            List<Route> routes,
            Stores stores,
            Mirrors mirrors,
            @Nullable DatabaseHealth health,
            @Nullable DatabaseFacts database,
            RecentReports recent,
            ShadowReads shadow,
            FollowUps followUps,
            Clock clock) {
        this.surroundings = surroundings;
        this.routes = List.copyOf(routes);
        this.stores = stores;
        this.mirrors = mirrors;
        this.health = health;
        this.database = database;
        this.recent = recent;
        this.shadow = shadow;
        this.followUps = followUps;
        this.clock = clock;
    }

    StorageStatus read() {
        DatabaseHealth.Outage outage = outage();
        Map<CollectionSchema<?, ?>, Facts> facts =
                outage != null || database == null || mirrorIsAway() ? Map.of() : database.read();
        return new StorageStatus(
                clock.instant(),
                surroundings.directory(),
                surroundings.database(),
                outage == null ? null : outage.since(),
                stores.heldJson() != null,
                List.of(jsonHealth(), databaseHealth(outage, facts)),
                pool(),
                routes.stream()
                        .map(route -> collection(route, outage, facts.get(route.schema())))
                        .toList());
    }

    private @Nullable Pool pool() {
        PostgresStore postgres = stores.configuredPostgres();
        return postgres == null
                ? null
                : postgres.poolUse()
                        .map(use -> new Pool(use.active(), use.idle(), use.waiting(), use.maximum()))
                        .orElse(null);
    }

    private StoreHealth jsonHealth() {
        JsonStore held = stores.heldJson();
        if (held == null) {
            boolean needed = routes.stream().anyMatch(route -> route.phase() != Phase.DB_ONLY);
            return new StoreHealth(
                    Store.JSON, Health.OK, needed ? "another process holds the directory" : "not used in DB_ONLY");
        }
        return new StoreHealth(Store.JSON, Health.OK, null);
    }

    private StoreHealth databaseHealth(
            DatabaseHealth.@Nullable Outage outage, Map<CollectionSchema<?, ?>, Facts> facts) {
        if (database == null) {
            return new StoreHealth(Store.POSTGRESQL, Health.NOT_CONFIGURED, null);
        }
        if (outage != null) {
            return new StoreHealth(Store.POSTGRESQL, Health.AWAY, outage.reason());
        }
        if (facts.size() == routes.size()) {
            return new StoreHealth(Store.POSTGRESQL, Health.OK, null);
        }
        return facts.isEmpty()
                ? new StoreHealth(Store.POSTGRESQL, Health.AWAY, "it did not answer in time")
                : new StoreHealth(Store.POSTGRESQL, Health.UNUSABLE, "not every collection could be read");
    }

    private DatabaseHealth.@Nullable Outage outage() {
        return health == null ? null : health.outage();
    }

    /** Nobody watches the database while JSON leads, but the mirror worker knows that it does not answer. */
    private boolean mirrorIsAway() {
        return routes.stream()
                .filter(route -> route.phase() == Phase.JSON_PRIMARY)
                .map(route -> mirrors.of(Store.JSON, route.schema()))
                .anyMatch(mirror -> mirror != null && mirror.status().health() == MirrorCondition.DEGRADED);
    }

    private CollectionStatus collection(Route route, DatabaseHealth.@Nullable Outage outage, @Nullable Facts facts) {
        CollectionSchema<?, ?> schema = route.schema();
        Phase phase = route.phase();
        boolean away = outage != null;
        LedgerStatus json = ledger(stores.heldJson(), schema);
        LedgerEntry inDatabase = facts == null ? null : facts.ledger();
        LedgerStatus postgresql = inDatabase == null ? null : LedgerStatus.of(inDatabase);
        PendingSummary pending = phase.databasePhase() ? pending(facts) : pendingInJson(schema);
        boolean stale = phase.databasePhase() && (away || !route.serving());
        LastReports last = facts == null ? recent.withoutDatabase(schema) : facts.reports();
        return new CollectionStatus(
                schema.name(),
                phase,
                lastPhase(phase, schema, facts),
                Notes.flags(route.choice()),
                phase.primary(),
                route.serving() && route.fencedBecause() == null && !stale,
                json,
                postgresql,
                mirror(phase, schema),
                pending == null ? -1 : pending.count(),
                pending == null ? null : pending.oldest(),
                pending == null ? -1 : pending.parked(),
                records(schema, facts),
                last.verification(),
                last.repair(),
                last.export(),
                last.backup(),
                stale ? copyTime(schema) : null,
                route.staleReads(),
                shadowReads(phase, schema),
                copyProblems(schema),
                note(route, outage, phase.databasePhase() ? postgresql : json));
    }

    private static @Nullable LedgerStatus ledger(@Nullable RecordStore store, CollectionSchema<?, ?> schema) {
        if (store == null) {
            return null;
        }
        try {
            return store.ledger().read(schema).map(LedgerStatus::of).orElse(null);
        } catch (StorageException e) {
            return null;
        }
    }

    private Records records(CollectionSchema<?, ?> schema, @Nullable Facts facts) {
        JsonStore held = stores.heldJson();
        return new Records(
                held == null ? -1 : held.count(schema, Query.all()),
                facts == null ? -1 : facts.records(),
                facts == null ? null : facts.countedAt());
    }

    private @Nullable Phase lastPhase(Phase phase, CollectionSchema<?, ?> schema, @Nullable Facts facts) {
        if (phase.databasePhase()) {
            return facts == null ? null : facts.lastPhase();
        }
        JsonStore held = stores.heldJson();
        return held == null ? null : held.ledger().lastPhase(schema).orElse(null);
    }

    private static @Nullable PendingSummary pending(@Nullable Facts facts) {
        return facts == null ? null : facts.pending();
    }

    private @Nullable PendingSummary pendingInJson(CollectionSchema<?, ?> schema) {
        JsonStore held = stores.heldJson();
        try {
            return held == null ? null : held.pending().summary(schema);
        } catch (StorageException e) {
            return null;
        }
    }

    private @Nullable MirrorState mirror(Phase phase, CollectionSchema<?, ?> schema) {
        Mirror mirror = mirrors.of(phase.primary(), schema);
        if (mirror == null) {
            return null;
        }
        MirrorStatus status = mirror.status();
        return new MirrorState(phase.primary().other(), status.health().name(), status.since(), status.lastError());
    }

    private List<String> copyProblems(CollectionSchema<?, ?> schema) {
        JsonStore held = stores.heldJson();
        List<String> problems = new ArrayList<>(held == null ? List.of() : held.copyProblems(schema));
        problems.addAll(followUps.problems(schema.name()));
        return problems;
    }

    private StorageStatus.@Nullable ShadowReads shadowReads(Phase phase, CollectionSchema<?, ?> schema) {
        if (shadow.percent() == 0 || !phase.mirrored()) {
            return null;
        }
        ShadowReads.Counted counted = shadow.counted(schema);
        return new StorageStatus.ShadowReads(
                shadow.percent(),
                counted.compared(),
                counted.lagging(),
                counted.mismatched(),
                counted.dropped(),
                counted.failed());
    }

    private @Nullable Instant copyTime(CollectionSchema<?, ?> schema) {
        return Optional.ofNullable(stores.jsonCopy().read(schema))
                .map(JsonCopy.Snapshot::time)
                .orElse(null);
    }

    private @Nullable String note(Route route, DatabaseHealth.@Nullable Outage outage, @Nullable LedgerStatus ledger) {
        if (route.fencedBecause() != null) {
            return route.fencedBecause();
        }
        if (outage != null && route.phase().databasePhase()) {
            String away = "PostgreSQL does not answer: " + outage.reason();
            return stores.jsonCopy().read(route.schema()) == null ? away + "; " + JsonCopy.none(route.schema()) : away;
        }
        boolean mirrored = ledger != null && ledger.mirroring() != Mirroring.OFF;
        if (ledger != null && mirrored != route.phase().mirrored()) {
            return "The flags of this process say " + route.phase() + ", the ledger that writes are "
                    + (mirrored ? "" : "not ") + "mirrored; bring all instances to the same flags";
        }
        JsonStore held = stores.heldJson();
        if (route.phase() == Phase.DB_PRIMARY && held == null) {
            return "Another process holds the directory and keeps the mirror";
        }
        return null;
    }

    /** After the stores were closed. */
    void close() {
        if (database != null) {
            database.close();
        }
    }
}
