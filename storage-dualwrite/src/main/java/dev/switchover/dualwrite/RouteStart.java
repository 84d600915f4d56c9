package dev.switchover.dualwrite;

import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.mirror.Mirror;
import dev.switchover.dualwrite.mirror.MirrorListener;
import dev.switchover.dualwrite.mirror.MirrorSettings;
import dev.switchover.dualwrite.switchover.AsideFiles;
import dev.switchover.dualwrite.switchover.Attached;
import dev.switchover.dualwrite.switchover.GuardedStart;
import dev.switchover.dualwrite.switchover.StartLog;
import dev.switchover.dualwrite.switchover.Started;
import dev.switchover.json.DirectoryLockedException;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordStore;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings routes into service by the guard, and then what follows them: mirrors, or letting go of a directory nobody needs. A start
 * on stale reads goes on here, on the watch's thread, when the database answers. Thread-safe.
 */
final class RouteStart implements DatabaseWatch.Start, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.storage");

    private static final Duration TRY_DIRECTORY_EVERY = Duration.ofSeconds(1);

    private final Configuration configuration;
    private final SwitchoverSettings settings;
    private final List<Route> routes;
    private final Stores stores;
    private final Mirrors mirrors;
    private final PositionNote positionNote;
    private @Nullable DirectoryWait directoryWait;
    private boolean mirrorsStarted;
    private boolean closed;

    RouteStart(Configuration configuration, List<Route> routes, Stores stores, Mirrors mirrors) {
        this.configuration = configuration;
        this.settings = configuration.settings();
        this.routes = List.copyOf(routes);
        this.stores = stores;
        this.mirrors = mirrors;
        this.positionNote = new PositionNote(routes, stores);
    }

    /** Lets the guard decide, and the primary serve, or reads be stale until the database answers. */
    @Override
    public synchronized void start(Route route) {
        if (closed) {
            return;
        }
        Started started = guardedStart(attachJson()).start(route.schema(), route.phase());
        if (started instanceof Started.Serving serving) {
            route.serve(serving.authority().epoch());
            if (routes.stream().allMatch(Route::serving) && mirrorsStarted) {
                follow();
            }
        } else if (started instanceof Started.Stale stale) {
            LOG.warn(
                    "{} starts stale: reads come from the JSON copy and writes are refused until PostgreSQL answers: {}",
                    route.schema().name(),
                    stale.reason());
        }
    }

    @Override
    public synchronized void answered() {
        if (!closed) {
            positionNote.noteIfDue();
        }
    }

    /** The first start has passed the guard everywhere: what follows the primaries begins. */
    synchronized void startMirrors() {
        mirrorsStarted = true;
        follow();
    }

    private void follow() {
        List<CollectionSchema<?, ?>> toDatabase = serving(Phase.JSON_PRIMARY);
        if (!toDatabase.isEmpty() && mirrors.none(Store.JSON)) {
            start(Store.JSON, toDatabase, Phase.JSON_PRIMARY);
        }
        List<CollectionSchema<?, ?>> toJson = serving(Phase.DB_PRIMARY);
        if (!toJson.isEmpty() && mirrors.none(Store.POSTGRESQL)) {
            if (stores.heldJson() == null) {
                waitForDirectory();
            } else {
                start(Store.POSTGRESQL, toJson, Phase.DB_PRIMARY);
            }
        }
        if (routes.stream().allMatch(route -> route.phase() == Phase.DB_ONLY && route.serving())) {
            stores.releaseJson();
        }
    }

    private void start(Store primary, List<CollectionSchema<?, ?>> schemas, Phase phase) {
        RecordStore from = primary == Store.JSON ? stores.json() : stores.postgres();
        RecordStore to = primary == Store.JSON ? stores.postgres() : stores.json();
        GuardedStart start = guardedStart(new Attached.Open(stores.json()));
        MirrorSettings mirrorSettings = MirrorSettings.DEFAULTS
                .withMode(settings.mirrorMode())
                .withTimeout(settings.mirrorTimeout())
                .withDeadlines(settings.switchTimeout(), settings.closeTimeout());
        Mirror mirror = new Mirror(
                from,
                to,
                schemas,
                schema -> start.joinMirror(schema, phase),
                MirrorListener.NONE,
                mirrorSettings,
                configuration.clock());
        mirrors.start(primary, mirror, schemas);
    }

    private void waitForDirectory() {
        if (directoryWait == null) {
            LOG.info("Another process holds the directory and keeps the mirror; this one takes over when it is free");
            directoryWait = new DirectoryWait(this::takeDirectory, TRY_DIRECTORY_EVERY);
            directoryWait.start();
        }
    }

    private void takeDirectory() {
        stores.holdJson();
        synchronized (this) {
            if (!closed) {
                follow();
            }
        }
    }

    private List<CollectionSchema<?, ?>> serving(Phase phase) {
        List<CollectionSchema<?, ?>> schemas = new java.util.ArrayList<>();
        for (Route route : routes) {
            if (route.phase() == phase && route.serving()) {
                schemas.add(route.schema());
            }
        }
        return schemas;
    }

    private GuardedStart guardedStart(Attached json) {
        Attached database = stores.configuredPostgres() == null
                ? new Attached.NotConfigured()
                : new Attached.Open(stores.postgres());
        AsideFiles aside = AsideFiles.in(configuration.directory(), configuration.clock());
        return new GuardedStart(json, database, settings, aside, StartLog.toLogger());
    }

    /** A database phase can do without the directory, as long as the authority does not change; the guard decides. */
    private Attached attachJson() {
        try {
            return new Attached.Open(stores.holdJson());
        } catch (DirectoryLockedException e) {
            return new Attached.Locked(String.valueOf(e.getMessage()));
        } catch (CorruptFileException e) {
            if (routes.stream().anyMatch(route -> !route.phase().databasePhase())) {
                throw e;
            }
            LOG.warn("The JSON copy cannot be used: {}", e.getMessage());
            return new Attached.Unreachable(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        DirectoryWait wait;
        synchronized (this) {
            closed = true;
            wait = directoryWait;
        }
        if (wait != null) {
            wait.close();
        }
    }

    /** The last chance to tell JSON how far the database has come. */
    void noteLastPosition() {
        positionNote.note();
    }
}
