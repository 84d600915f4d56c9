package dev.switchover.dualwrite;

import dev.switchover.dualwrite.StorageStatus.Pending;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.repair.Repair;
import dev.switchover.dualwrite.repair.Repair.Wish;
import dev.switchover.dualwrite.repair.RepairReport;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.report.Reports;
import dev.switchover.dualwrite.rollback.RollbackMeter;
import dev.switchover.dualwrite.rollback.RollbackReport;
import dev.switchover.dualwrite.switchover.DiskSpace;
import dev.switchover.dualwrite.verify.Finding;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.dualwrite.verify.Verify;
import dev.switchover.dualwrite.view.Authority;
import dev.switchover.dualwrite.view.StoreSight;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is asked of both stores without changing them: the same for a service and for an operator beside it. Thread-safe. */
final class Inspection {

    private final Configuration configuration;
    private final Sights sights;
    private final Reports reports;
    private final Verify verify;
    private final RollbackMeter meter;
    private final Repair repair;

    /** @param postgres where reports are kept, too; null without a database */
    Inspection(Configuration configuration, Sights sights, @Nullable PostgresStore postgres) {
        this.configuration = configuration;
        this.sights = sights;
        this.reports = Reports.of(configuration.directory(), postgres);
        this.verify = new Verify(reports, configuration.clock());
        this.repair = new Repair(configuration.directory(), reports, configuration.clock());
        this.meter = new RollbackMeter(DiskSpace.of(configuration.directory()), reports, configuration.clock());
    }

    List<VerificationReport> verify() {
        return configuration.schemas().stream()
                .map(schema -> verify(schema, step -> {}, finding -> {}))
                .toList();
    }

    /**
     * @throws StoreUnavailableException if one of the stores does not answer
     * @throws StartRefusedException if JSON was retired, or PostgreSQL has no tables yet
     * @throws dev.switchover.storage.CorruptFileException if a file is damaged
     */
    VerificationReport verify(
            CollectionSchema<?, ?> schema, CopyProgress progress, Consumer<? super Finding> findings) {
        return verify(required(Store.JSON, sights.json()), schema, false, progress, findings);
    }

    /** By id and version; see {@link Verify#quickly}. */
    VerificationReport quickVerify(
            CollectionSchema<?, ?> schema, CopyProgress progress, Consumer<? super Finding> findings) {
        return verify(required(Store.JSON, sights.json()), schema, true, progress, findings);
    }

    /** The same with this as JSON. */
    VerificationReport verify(
            StoreView json,
            CollectionSchema<?, ?> schema,
            boolean quick,
            CopyProgress progress,
            Consumer<? super Finding> findings) {
        StoreView database = required(Store.POSTGRESQL, sights.database(schema));
        return quick
                ? verify.quickly(json, database, schema, told(progress), findings)
                : verify.run(json, database, schema, told(progress), findings);
    }

    /** What a repair would do; nothing is changed. */
    RepairReport repairPlan(CollectionSchema<?, ?> schema, Wish wish, CopyProgress progress) {
        StoreView json = required(Store.JSON, sights.json());
        StoreView database = required(Store.POSTGRESQL, sights.database(schema));
        return repair.plan(json, database, schema, wish, told(progress));
    }

    /** What would come of a start with this store as the authority, collection by collection. */
    List<RollbackReport> measure(Store target) {
        return configuration.schemas().stream()
                .map(schema -> measure(schema, target, step -> {}, finding -> {}))
                .toList();
    }

    RollbackReport measure(
            CollectionSchema<?, ?> schema, Store target, CopyProgress progress, Consumer<? super Finding> findings) {
        return meter.measure(schema, target, sights.json(), sights.database(schema), told(progress), findings);
    }

    List<Pending> pending(CollectionSchema<?, ?> schema, int atMost) {
        return authority(schema).marks(schema, atMost).stream()
                .map(mark -> new Pending(mark.id().text(), mark.version(), mark.since()))
                .toList();
    }

    List<Report> reports(String kind, CollectionSchema<?, ?> schema, int atMost) {
        return reports.last(kind, schema.name(), atMost);
    }

    /** @throws StoreUnavailableException if it cannot be read */
    StoreView authority(CollectionSchema<?, ?> schema) {
        StoreSight json = sights.json();
        StoreSight database = sights.database(schema);
        LedgerEntry inJson = entry(view(json), schema);
        LedgerEntry inDatabase = entry(view(database), schema);
        // A store that is no authority itself says nothing about one that is away.
        boolean handedOver = inJson != null && inJson.state() != State.ACTIVE || isRetired(json);
        Store otherwise = handedOver && database instanceof StoreSight.Away ? Store.POSTGRESQL : Store.JSON;
        return Authority.of(inJson, inDatabase, otherwise) == Store.JSON
                ? required(Store.JSON, json)
                : required(Store.POSTGRESQL, database);
    }

    private static boolean isRetired(StoreSight json) {
        return json instanceof StoreSight.Away away
                && away.failure() instanceof StartRefusedException refused
                && refused.code().equals("JSON-RETIRED");
    }

    private static @Nullable LedgerEntry entry(@Nullable StoreView view, CollectionSchema<?, ?> schema) {
        if (view == null) {
            return null;
        }
        view.refresh();
        return view.entry(schema).orElse(null);
    }

    private static @Nullable StoreView view(StoreSight sight) {
        return sight instanceof StoreSight.Seen seen ? seen.view() : null;
    }

    private static StoreView required(Store store, StoreSight sight) {
        if (sight instanceof StoreSight.Seen seen) {
            return seen.view();
        }
        if (sight instanceof StoreSight.NotConfigured) {
            throw new ConfigurationException(
                    List.of("DATABASE_URL is not set: there is one store only, and nothing to compare it with"));
        }
        if (sight instanceof StoreSight.Away away) {
            StorageException failure = away.failure();
            // Waiting would not help, so it is told as what it is.
            throw failure != null && away.isUnusable()
                    ? failure
                    : new StoreUnavailableException(store, away.reason(), failure);
        }
        throw new StartRefusedException(
                "SCHEMA-MISSING",
                store.label() + " has no tables of the library's yet",
                "The first start of the service makes them, or 'schema apply'; nothing was changed.");
    }

    private static Progress told(CopyProgress listener) {
        return step -> listener.at(
                new CopyProgress.Step(step.collection(), step.done(), step.total(), step.perSecond(), step.finished()));
    }
}
