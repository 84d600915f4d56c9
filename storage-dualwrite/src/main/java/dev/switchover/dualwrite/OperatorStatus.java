package dev.switchover.dualwrite;

import dev.switchover.dualwrite.DatabaseFacts.Facts;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.StorageStatus.Health;
import dev.switchover.dualwrite.StorageStatus.LedgerStatus;
import dev.switchover.dualwrite.StorageStatus.Records;
import dev.switchover.dualwrite.StorageStatus.StoreHealth;
import dev.switchover.dualwrite.flags.PhaseChoice;
import dev.switchover.dualwrite.view.Authority;
import dev.switchover.json.ReadOnlyJsonStore;
import dev.switchover.json.directory.Holder;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.PendingSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The status as somebody sees it who is not the service. Thread-safe. */
final class OperatorStatus implements AutoCloseable {

    private static final Duration STATUS_WAITS = Duration.ofSeconds(4);

    private final Beside beside;
    private final @Nullable DatabaseFacts facts;
    private final RecentReports recent;

    static OperatorStatus of(Beside beside, @Nullable PostgresStore postgres) {
        Configuration configuration = beside.configuration();
        RecentReports recent = RecentReports.of(configuration, postgres);
        DatabaseFacts facts = postgres == null
                ? null
                : new DatabaseFacts(postgres, configuration.schemas(), STATUS_WAITS, configuration.clock(), recent);
        return new OperatorStatus(beside, facts, recent);
    }

    private OperatorStatus(Beside beside, @Nullable DatabaseFacts facts, RecentReports recent) {
        this.beside = beside;
        this.facts = facts;
        this.recent = recent;
    }

    /** What both stores said. */
    private record Seen(
            @Nullable ReadOnlyJsonStore json,
            StoreHealth jsonHealth,
            Map<CollectionSchema<?, ?>, Facts> database,
            StoreHealth databaseHealth) {

        boolean databaseIsAway() {
            return databaseHealth.health() == Health.AWAY;
        }
    }

    StorageStatus read() {
        Configuration configuration = beside.configuration();
        Seen seen = look();
        Map<String, PhaseChoice> phases = beside.phases(!seen.databaseIsAway());
        List<CollectionStatus> collections = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : beside.schemas()) {
            PhaseChoice choice = phases.get(schema.name());
            if (choice == null) {
                throw new IllegalStateException("no phase for " + schema.name());
            }
            collections.add(collection(schema, choice, seen));
        }
        return new StorageStatus(
                configuration.clock().instant(),
                configuration.directory().toString(),
                configuration.postgres().map(Object::toString).orElse(null),
                null,
                false,
                List.of(seen.jsonHealth(), seen.databaseHealth()),
                null,
                collections);
    }

    private Seen look() {
        ReadOnlyJsonStore json = null;
        StoreHealth jsonHealth;
        try {
            ReadOnlyJsonStore read = beside.files().recent();
            json = read;
            boolean used = beside.schemas().stream()
                    .anyMatch(schema -> read.ledgerEntry(schema).isPresent()
                            || beside.files().hasFile(schema));
            jsonHealth = new StoreHealth(
                    Store.JSON, used ? Health.OK : Health.EMPTY, holder() + "as read at " + read.readAt());
        } catch (StoreUnavailableException e) {
            jsonHealth = new StoreHealth(Store.JSON, Health.AWAY, e.getMessage());
        } catch (StartRefusedException e) {
            Health health = e.code().equals("JSON-RETIRED") ? Health.RETIRED : Health.UNUSABLE;
            jsonHealth = new StoreHealth(Store.JSON, health, String.join("; ", e.facts()));
        } catch (StorageException e) {
            jsonHealth = new StoreHealth(Store.JSON, Health.UNUSABLE, e.getMessage());
        }
        if (facts == null) {
            return new Seen(json, jsonHealth, Map.of(), new StoreHealth(Store.POSTGRESQL, Health.NOT_CONFIGURED, null));
        }
        try {
            beside.database();
            Map<CollectionSchema<?, ?>, Facts> found = facts.read();
            return new Seen(json, jsonHealth, found, databaseHealth(found));
        } catch (StartRefusedException e) {
            boolean blank = e.code().equals("SCHEMA-MISSING");
            return new Seen(
                    json,
                    jsonHealth,
                    Map.of(),
                    new StoreHealth(
                            Store.POSTGRESQL,
                            blank ? Health.EMPTY : Health.UNUSABLE,
                            blank
                                    ? "the library's tables are not all there; the first start makes them, or 'schema apply'"
                                    : e.getMessage()));
        } catch (StorageException e) {
            return new Seen(json, jsonHealth, Map.of(), new StoreHealth(Store.POSTGRESQL, Health.AWAY, e.getMessage()));
        }
    }

    private String holder() {
        return Holder.seeming(beside.configuration().directory())
                .map(holder -> "held by " + holder + "; ")
                .orElse("");
    }

    private StoreHealth databaseHealth(Map<CollectionSchema<?, ?>, Facts> found) {
        if (found.isEmpty()) {
            return new StoreHealth(Store.POSTGRESQL, Health.AWAY, "it did not answer in time");
        }
        List<String> unread = beside.schemas().stream()
                .filter(schema -> !found.containsKey(schema))
                .map(CollectionSchema::name)
                .toList();
        return unread.isEmpty()
                ? new StoreHealth(Store.POSTGRESQL, Health.OK, null)
                : new StoreHealth(
                        Store.POSTGRESQL,
                        Health.UNUSABLE,
                        "the tables of " + String.join(", ", unread) + " cannot be read");
    }

    private CollectionStatus collection(CollectionSchema<?, ?> schema, PhaseChoice choice, Seen seen) {
        Phase phase = choice.phase();
        ReadOnlyJsonStore json = seen.json();
        LedgerEntry inJson = json == null ? null : json.ledgerEntry(schema).orElse(null);
        Facts known = seen.database().get(schema);
        LedgerEntry inDatabase = known == null ? null : known.ledger();
        Store authority = Authority.of(inJson, inDatabase, phase.primary());
        LedgerEntry entry = authority == Store.JSON ? inJson : inDatabase;
        PendingSummary pending;
        Phase lastPhase;
        if (authority == Store.JSON) {
            pending = json == null ? null : json.pending(schema);
            lastPhase = json == null ? null : json.lastPhase(schema).orElse(null);
        } else {
            pending = known == null ? null : known.pending();
            lastPhase = known == null ? null : known.lastPhase();
        }
        LastReports last = known == null ? recent.withoutDatabase(schema) : known.reports();
        boolean away = phase.databasePhase() && seen.databaseIsAway();
        Instant copy = away && json != null && inJson != null ? json.copyTime(schema) : null;
        return new CollectionStatus(
                schema.name(),
                phase,
                lastPhase,
                Notes.flags(choice),
                phase.primary(),
                entry != null && entry.serves() && authority == phase.primary(),
                inJson == null ? null : LedgerStatus.of(inJson),
                inDatabase == null ? null : LedgerStatus.of(inDatabase),
                null,
                pending == null ? -1 : pending.count(),
                pending == null ? null : pending.oldest(),
                pending == null ? -1 : pending.parked(),
                new Records(
                        json == null ? -1 : json.count(schema),
                        known == null ? -1 : known.records(),
                        known == null ? null : known.countedAt()),
                last.verification(),
                last.repair(),
                last.export(),
                last.backup(),
                copy,
                0,
                null,
                List.of(),
                Notes.beside(phase, lastPhase, authority, entry, seen.databaseHealth()));
    }

    @Override
    public void close() {
        if (facts != null) {
            facts.close();
        }
    }
}
