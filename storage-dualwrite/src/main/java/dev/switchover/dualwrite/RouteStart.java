package dev.switchover.dualwrite;

import dev.switchover.dualwrite.switchover.GuardedStart;
import dev.switchover.dualwrite.switchover.Started;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings routes into service by the guard, and then what follows them: mirrors, waiting for a directory somebody else holds, or
 * letting go of one that nobody needs. A start on stale reads goes on here, on the watch's thread, when the database answers; a
 * directory that a newcomer asks for is handed over here. Thread-safe.
 */
final class RouteStart implements DatabaseWatch.Start, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.storage");

    private static final Duration TRY_DIRECTORY_EVERY = Duration.ofSeconds(1);

    private final Attachment attachment;
    private final MirrorStart mirrorStart;
    private final PositionNote positionNote;
    private final TakingBack takingBack;
    private final List<Route> routes;
    private final Stores stores;
    private final Mirrors mirrors;
    private @Nullable DirectoryRequests requests;
    private @Nullable DirectoryWait directoryWait;
    private boolean mirrorsStarted;
    private boolean closed;

    RouteStart(Configuration configuration, List<Route> routes, Stores stores, Mirrors mirrors) {
        this.attachment = new Attachment(configuration, routes, stores);
        this.mirrorStart = new MirrorStart(configuration, stores);
        this.positionNote = new PositionNote(routes, stores);
        this.takingBack = new TakingBack(attachment, routes, stores);
        this.routes = List.copyOf(routes);
        this.stores = stores;
        this.mirrors = mirrors;
    }

    /** Lets the guard decide, and the primary serve, or reads be stale until the database answers. */
    @Override
    public synchronized void start(Route route) {
        if (closed) {
            return;
        }
        try {
            start(route, attachment.guardedStart());
        } finally {
            attachment.databaseIsAway(null);
        }
        if (mirrorsStarted && routes.stream().allMatch(Route::serving)) {
            follow();
        }
    }

    /** All of them. A database that did not answer for one is not waited for again by the others: they would all be as late. */
    synchronized void startAll() {
        try {
            for (Route route : routes) {
                start(route, attachment.guardedStart());
            }
        } finally {
            attachment.databaseIsAway(null);
            attachment.started();
        }
    }

    private void start(Route route, GuardedStart first) {
        GuardedStart start = isDrained(route, first) ? first : attachment.guardedStartWithHeldDirectory();
        Started started = start.start(route.schema(), route.phase());
        if (started instanceof Started.Serving serving) {
            route.serve(serving.authority().epoch());
            if (route.phase() == Phase.JSON_PRIMARY && !serving.mirrorJoined()) {
                attachment.databaseIsAway(
                        "it did not answer for " + route.schema().name());
            }
        } else if (started instanceof Started.Stale stale) {
            attachment.databaseIsAway(stale.reason());
            LOG.warn(
                    "{} starts stale: reads come from the JSON copy and writes are refused until PostgreSQL answers: {}",
                    route.schema().name(),
                    stale.reason());
        }
    }

    /** @return false if the database turned out not to answer */
    private boolean isDrained(Route route, GuardedStart start) {
        if (attachment.isDatabaseAway()) {
            return true;
        }
        try {
            mirrorStart.drain(route.schema(), route.phase(), start);
            return true;
        } catch (StoreUnavailableException e) {
            LOG.debug(
                    "Nothing is carried over before {} starts: {}",
                    route.schema().name(),
                    e.getMessage());
            if (e.store() != Store.POSTGRESQL) {
                return true;
            }
            attachment.databaseIsAway(e.getMessage());
            return false;
        }
    }

    @Override
    public synchronized void answered() {
        if (!closed) {
            positionNote.noteIfDue();
            if (mirrorsStarted) {
                follow(Phase.DB_PRIMARY); // a collection may have come back into service since
                letGoIfNotNeeded();
            }
        }
    }

    /** From now on requests are carried out on the directory while this process has it. */
    synchronized void serves(DirectoryRequests begun) {
        requests = begun;
    }

    /** The first start has passed the guard everywhere: what follows the primaries begins. */
    synchronized void startMirrors() {
        mirrorsStarted = true;
        follow();
    }

    private void follow() {
        follow(Phase.JSON_PRIMARY);
        follow(Phase.DB_PRIMARY);
        letGoIfNotNeeded();
    }

    /** Beneath a request it would break that one off; the next answer of the database leads here again. */
    private void letGoIfNotNeeded() {
        if (!holdsDirectory() || isDirectoryNeeded() || !mirrors.isEmpty()) {
            return;
        }
        if (requests == null) {
            stores.releaseJson();
        } else {
            requests.letGoWhenIdle(stores::releaseJson);
        }
    }

    private void follow(Phase phase) {
        List<CollectionSchema<?, ?>> schemas = new ArrayList<>();
        for (Route route : routes) {
            if (route.phase() == phase && route.serving() && route.fencedBecause() == null) {
                schemas.add(route.schema());
            }
        }
        Store primary = phase.primary();
        if (schemas.isEmpty() || mirrors.follow(primary, schemas)) {
            return;
        }
        if (!holdsDirectory()) {
            if (directoryWait == null) {
                LOG.info(
                        "Another process holds the directory and keeps the mirror; this one takes over when it is free");
            }
            waitForDirectory();
            return;
        }
        GuardedStart start = attachment.guardedStartWithHeldDirectory();
        mirrors.start(primary, mirrorStart.mirror(phase, schemas, start), schemas);
    }

    private void waitForDirectory() {
        if (directoryWait == null) {
            directoryWait = new DirectoryWait(this::takeAwaitedDirectory, TRY_DIRECTORY_EVERY);
            directoryWait.start();
        }
    }

    private synchronized void takeAwaitedDirectory() {
        if (closed) {
            throw new StorageClosedException();
        }
        takeDirectory();
        directoryWait = null;
        if (holdsDirectory()) {
            LOG.info("This process holds the directory now");
        }
    }

    /** Not from a newcomer that asks whoever has it: that one is about to get it. */
    private void takeDirectory() {
        if (attachment.isDirectoryAskedFor()) {
            throw new StoreUnavailableException(
                    Store.JSON, "Another process asks for the directory and is about to have it", null);
        }
        takingBack.serveAgain();
        if (isDirectoryNeeded()) {
            stores.holdJson(); // inside the lock: a note of the position may hold it for a moment, and lets go of it
        }
        follow();
    }

    private boolean isDirectoryNeeded() {
        return routes.stream()
                .anyMatch(
                        route -> !route.serving() || (route.phase() != Phase.DB_ONLY && route.fencedBecause() == null));
    }

    boolean holdsDirectory() {
        return stores.heldJson() != null;
    }

    /** Ends the writes, drains the mirrors, closes the files and lets go of the lock. */
    synchronized void letGo(String newcomer) {
        takingBack.lettingGo(newcomer);
        mirrors.close();
        stores.releaseJson();
    }

    /**
     * Takes the directory back, now or when whoever has it lets go of it; see {@link TakingBack} for what is served from it then.
     *
     * @return false if it is left to others
     * @throws StorageException if it cannot be had now
     */
    synchronized boolean takeBack() {
        if (closed) {
            return false;
        }
        try {
            takeDirectory();
            return holdsDirectory();
        } catch (StorageException e) {
            follow();
            throw e;
        } finally {
            if (takingBack.isDue()) {
                waitForDirectory();
            }
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
