package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.BackupMaker;
import dev.switchover.dualwrite.backup.BackupSettings;
import dev.switchover.dualwrite.backup.Backups;
import dev.switchover.dualwrite.backup.EmergencyFiles;
import dev.switchover.dualwrite.backup.FolderBackups;
import dev.switchover.dualwrite.export.ExportHandler;
import dev.switchover.dualwrite.flags.FlagTable;
import dev.switchover.dualwrite.flags.Flags;
import dev.switchover.dualwrite.flags.PhaseChoice;
import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.handover.HandOverWatch;
import dev.switchover.dualwrite.request.RequestHandlers;
import dev.switchover.dualwrite.schedule.DatabaseJobs;
import dev.switchover.dualwrite.schedule.FileJobs;
import dev.switchover.dualwrite.schedule.JobLedger;
import dev.switchover.dualwrite.schedule.ScheduleRunner;
import dev.switchover.dualwrite.shadow.ShadowReads;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.json.ReadOnlyJsonStore;
import dev.switchover.json.directory.Holder;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordAccess;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One start: flags, stores, guard, mirrors, in this order. Used by one thread, once. */
final class Opening {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.storage");

    private static final Duration ASK_EVERY = Duration.ofSeconds(1);
    private static final Duration STATUS_WAITS = Duration.ofSeconds(1);

    private final Configuration configuration;
    private final SwitchoverSettings settings;
    private final JsonSettings jsonSettings;
    private final Stores stores;
    private final Mirrors mirrors = new Mirrors();
    private final FollowUps followUps = new FollowUps();
    /** What has been started and is to be closed, the last first, if the start does not come to its end. */
    private final Deque<AutoCloseable> begun = new ArrayDeque<>();

    private Opening(Configuration configuration) {
        this.configuration = configuration;
        this.settings = configuration.settings();
        this.jsonSettings = configuration.json();
        PostgresStore postgres = configuration
                .postgres()
                .map(known -> PostgresStore.open(known, configuration.schemas()))
                .orElse(null);
        this.stores = new Stores(jsonSettings, configuration.schemas(), postgres, configuration.hasDirectory());
        begun.push(stores);
        begun.push(mirrors);
    }

    static SwitchoverStorage open(Configuration configuration) {
        Opening opening = new Opening(configuration);
        try {
            OpenStorage open = opening.open();
            CallListener calls = configuration.calls();
            RecordAccess access = calls == null ? open.router() : open.router().timed(calls);
            if (!open.followUps().isEmpty()) {
                access = new FollowedAccess(access, open.followUps()::written);
            }
            return new SwitchoverStorage(configuration.schemas(), careful(configuration, access, open), open);
        } catch (RuntimeException | Error e) {
            opening.letGo(e);
            throw e;
        }
    }

    private static RecordAccess careful(Configuration configuration, RecordAccess access, OpenStorage open) {
        BackupSettings backups = configuration.backups();
        if (!backups.emergencyFiles() && !backups.verifiedWrites()) {
            return access;
        }
        return new CarefulAccess(
                access,
                backups.verifiedWrites(),
                backups.emergencyFiles() ? new EmergencyFiles(backups.folder(), configuration.clock()) : null,
                open.router()::knownVersion);
    }

    private OpenStorage open() {
        List<Route> routes = chooseRoutes();
        String database = configuration.postgres().map(Object::toString).orElse(null);
        LOG.info("{}", announcement(routes, database));
        configuration
                .hostFlags()
                .forEach(other -> LOG.warn(
                        "{} is no flag of Switchover and is ignored; the flag it resembles, {}, is set",
                        other.name(),
                        other.flag()));

        RouteStart start = new RouteStart(configuration, routes, stores, mirrors);
        begun.push(start);
        start.startAll();
        DatabaseWatch watch = watch(routes, start);
        ShadowReads shadow = new ShadowReads(settings.shadowPercent());
        begun.push(shadow);
        PhaseRouter router = new PhaseRouter(routes, stores, mirrors, watch, settings.staleReads(), shadow);
        start.startMirrors();
        if (watch != null) {
            watch.start();
            begun.push(watch);
        }
        Inspection inspection = new Inspection(
                configuration,
                new OpenSights(configuration, stores, watch == null ? null : watch.health()),
                stores.configuredPostgres());
        RequestHandlers writing = Requests.handlers(configuration).telling(kind -> {
            if (!kind.equals(ExportHandler.KIND)) {
                followUps.written();
            }
        });
        DirectoryRequests requests = DirectoryRequests.of(
                configuration,
                new ServingStorage(configuration, routes, stores, mirrors),
                VerifyRequests.handlers(writing, inspection));
        start.serves(requests);
        HandOverWatch handOver =
                new HandOverWatch(configuration.directory(), new HandingOver(requests, start), configuration.clock());
        handOver.start();
        begun.push(handOver);
        requests.start();
        begun.push(requests);
        Exports exports = new Exports(configuration, requests, stores.configuredPostgres(), stores::heldJson);
        Backups backups = backups(routes, requests);
        OwnWork ownWork = new OwnWork(configuration, routes, stores.hasDirectory(), exports, backups);
        ScheduleRunner schedule = ownWork.schedule(jobs(routes));
        schedule.start();
        begun.push(schedule);
        followUps.start(ownWork.followUps());
        begun.push(followUps);
        StatusReader.Surroundings surroundings = new StatusReader.Surroundings(
                configuration.hasDirectory() ? configuration.directory().toString() : "none", database);
        PostgresStore postgres = stores.configuredPostgres();
        RecentReports recent = RecentReports.of(configuration, postgres);
        DatabaseFacts facts = postgres == null
                ? null
                : new DatabaseFacts(postgres, configuration.schemas(), STATUS_WAITS, configuration.clock(), recent);
        StatusReader status = new StatusReader(
                surroundings,
                routes,
                stores,
                mirrors,
                watch == null ? null : watch.health(),
                facts,
                recent,
                shadow,
                followUps,
                configuration.clock());
        return new OpenStorage(
                router,
                status,
                inspection,
                new Parking(configuration, routes, stores),
                start,
                mirrors,
                watch,
                handOver,
                requests,
                shadow,
                exports,
                new WholeFiles(router, configuration.hasDirectory() ? configuration.directory() : null),
                backups,
                schedule,
                followUps,
                stores);
    }

    private Backups backups(List<Route> routes, DirectoryRequests requests) {
        return new FolderBackups(
                new RoutedSource(routes, stores),
                configuration.directory(),
                new BackupMaker(configuration.backups(), configuration.clock()),
                requests::ask,
                configuration.clock());
    }

    /** Where PostgreSQL leads anything, all instances share what it knows; elsewhere who has the directory is the only one. */
    private JobLedger jobs(List<Route> routes) {
        PostgresStore postgres = stores.configuredPostgres();
        if (postgres == null || routes.stream().noneMatch(route -> route.phase().databasePhase())) {
            return new FileJobs(configuration.directory(), () -> stores.heldJson() != null);
        }
        String holder = Holder.hostName() + " " + ProcessHandle.current().pid() + " " + UUID.randomUUID();
        return new DatabaseJobs(postgres.jobs(), holder);
    }

    private @Nullable DatabaseWatch watch(List<Route> routes, RouteStart start) {
        List<Route> inDatabase =
                routes.stream().filter(route -> route.phase().databasePhase()).toList();
        if (inDatabase.isEmpty()) {
            return null;
        }
        Duration patience = settings.connectionTimeout().plusSeconds(1);
        return new DatabaseWatch(stores.postgres(), inDatabase, start, ASK_EVERY, patience, configuration.clock());
    }

    private List<Route> chooseRoutes() {
        Map<String, PhaseChoice> choices =
                Flags.resolve(configuration.environment(), flagTable(), configuration.names(), this::lastPhase);
        List<Route> routes = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : configuration.schemas()) {
            PhaseChoice choice = choices.get(schema.name());
            if (choice == null) {
                throw new IllegalStateException("no phase for " + schema.name());
            }
            routes.add(new Route(schema, choice));
        }
        boolean databaseOnly = routes.stream().allMatch(route -> route.phase() == Phase.DB_ONLY);
        if (!configuration.hasDirectory() && !databaseOnly) {
            throw new ConfigurationException(
                    List.of("directory: name the folder of the JSON files; only DB_ONLY is served without one"));
        }
        return routes;
    }

    private FlagTable flagTable() {
        PostgresStore postgres = stores.configuredPostgres();
        if (postgres == null) {
            return new FlagTable.NotConfigured();
        }
        FlagTable table = FlagTables.read(postgres);
        if (table instanceof FlagTable.Unreadable unreadable) {
            LOG.warn(
                    "The feature_flags table cannot be read ({}); a flag that the environment does not set is that of the last"
                            + " start",
                    unreadable.reason());
        }
        return table;
    }

    /** The directory may be held by another process, so it is only looked at. */
    private Optional<Phase> lastPhase(String collection) {
        try {
            ReadOnlyJsonStore files = JsonStore.openReadOnly(jsonSettings, configuration.schemas());
            return configuration.schemas().stream()
                    .filter(schema -> schema.name().equals(collection))
                    .findFirst()
                    .flatMap(files::lastPhase);
        } catch (StorageException e) {
            LOG.warn("JSON's ledger cannot be read: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private String announcement(List<Route> routes, @Nullable String database) {
        StringBuilder line = new StringBuilder("Starting");
        boolean alike = routes.stream().map(Route::choice).distinct().count() == 1;
        for (Route route : alike ? routes.subList(0, 1) : routes) {
            line.append(alike ? " in phase " : " " + route.schema().name() + " in phase ")
                    .append(route.phase())
                    .append(" (FF_USE_DATABASE_STORAGE=")
                    .append(route.choice().useDatabase())
                    .append(", FF_DUAL_WRITE_ENABLED=")
                    .append(route.choice().dualWrite())
                    .append(");");
        }
        return line.append(" JSON in ")
                .append(configuration.hasDirectory() ? configuration.directory() : "no directory")
                .append("; PostgreSQL ")
                .append(database == null ? "not configured" : database)
                .toString();
    }

    private void letGo(Throwable cause) {
        for (AutoCloseable started : begun) {
            try {
                started.close();
            } catch (Exception e) {
                cause.addSuppressed(e); // the others are closed nevertheless
            }
        }
    }
}
