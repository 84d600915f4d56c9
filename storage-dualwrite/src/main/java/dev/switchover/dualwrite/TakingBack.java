package dev.switchover.dualwrite;

import dev.switchover.dualwrite.guard.Histories;
import dev.switchover.dualwrite.switchover.GuardedStart;
import dev.switchover.dualwrite.switchover.Started;
import dev.switchover.json.DirectoryLockedException;
import dev.switchover.json.JsonStore;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collections that JSON leads, between letting go of the directory and serving them from it again. They are served again all
 * or none, out of the files as they are by then, and only where JSON is the authority still: whoever had the directory meanwhile
 * may have made PostgreSQL the authority, and that is not undone by an instance that knows nothing of it. Used under its owner's
 * lock.
 */
final class TakingBack {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.handover");

    private final Attachment attachment;
    private final List<Route> routes;
    private final Stores stores;
    private final Map<CollectionSchema<?, ?>, LedgerEntry> left = new HashMap<>();
    private boolean due;
    /** Whether the last try met a database that did not answer: it is asked again before the directory is opened. */
    private boolean databaseAwaited;

    /** @param all also those of database phases, which do not depend on the directory */
    TakingBack(Attachment attachment, List<Route> all, Stores stores) {
        this.attachment = attachment;
        this.routes =
                all.stream().filter(route -> !route.phase().databasePhase()).toList();
        this.stores = stores;
    }

    /** Fences what is served from the directory, which is about to be let go of, and notes what JSON's ledger says of it. */
    void lettingGo(String newcomer) {
        for (Route route : routes) {
            if (route.fencedBecause() == null) {
                String name = route.schema().name();
                route.fence("The directory has been handed over to " + newcomer + ", which serves " + name
                        + " now; send the request there");
                due = true;
                note(route.schema());
            }
        }
    }

    private void note(CollectionSchema<?, ?> schema) {
        left.remove(schema);
        JsonStore held = stores.heldJson();
        if (held != null) {
            held.ledger().read(schema).ifPresent(entry -> left.put(schema, entry));
        }
    }

    /** Whether there are collections that may be served again when this process can have the directory. */
    boolean isDue() {
        return due;
    }

    /**
     * Takes the directory and serves from it, if that is due; or finds that it may not, lets go of the directory again and leaves
     * the collections fenced for good.
     *
     * @throws DirectoryLockedException if somebody else has the directory; still due
     * @throws StoreUnavailableException if it cannot be read now, or a database that has to be asked does not answer; still due
     */
    void serveAgain() {
        if (!due) {
            return;
        }
        try {
            takeAndServe();
        } catch (DirectoryLockedException e) {
            throw e;
        } catch (StoreUnavailableException e) {
            databaseAwaited = e.store() == Store.POSTGRESQL;
            throw e;
        } catch (StorageException e) {
            due = false;
            LOG.warn("What this process served from the directory stays fenced: {}", e.getMessage());
            routes.forEach(route -> route.fence(String.valueOf(e.getMessage())));
        }
    }

    /** Until all may be served, nothing else in this process knows of the directory: it may have to be let go of at once. */
    private void takeAndServe() {
        JsonStore held = stores.heldJson();
        if (databaseAwaited) {
            attachment.requireDatabase();
            databaseAwaited = false;
        }
        if (held == null) {
            attachment.requireDirectory();
        }
        JsonStore json = held == null ? stores.openJson() : held;
        boolean served = false;
        try {
            routes.forEach(route -> requireGoesOn(json, route.schema()));
            Map<Route, Long> epochs = start(json);
            stores.hold(json);
            served = true;
            due = false;
            epochs.forEach(Route::serve);
            LOG.info("The directory is this process's again, and what JSON leads is served");
        } finally {
            if (!served && held == null) {
                json.close();
            }
        }
    }

    /** The guard compares the two stores; where there is only one, or both were put back together, only this process can tell. */
    private void requireGoesOn(JsonStore json, CollectionSchema<?, ?> schema) {
        LedgerEntry before = left.get(schema);
        if (before == null) {
            return;
        }
        Position noted = before.position();
        boolean goesOn = json.ledger()
                .read(schema)
                .filter(entry -> Histories.goesOn(entry, json.ledger().remembers(schema, noted.token()), before))
                .isPresent();
        if (!goesOn) {
            throw new FencedException(
                    schema.name(),
                    "JSON's ledger for " + schema.name() + " does not go on from where this instance let go of the"
                            + " directory: it is of another data set, was forced, or went back in time. Stop, and restart this"
                            + " instance with the flags of the phase it is to serve when the right data are in place");
        }
    }

    /** A database that did not answer for one is not waited for again by the others. */
    private Map<Route, Long> start(JsonStore json) {
        Map<Route, Long> epochs = new LinkedHashMap<>();
        try {
            for (Route route : routes) {
                GuardedStart start = attachment.guardedStartWith(json).keepingTheAuthority();
                Started started = start.start(route.schema(), route.phase());
                if (!(started instanceof Started.Serving serving)) {
                    throw new IllegalStateException("JSON is the primary and does not serve: " + started);
                }
                epochs.put(route, serving.authority().epoch());
                if (route.phase() == Phase.JSON_PRIMARY && !serving.mirrorJoined()) {
                    attachment.databaseIsAway(
                            "it did not answer for " + route.schema().name());
                }
            }
        } finally {
            attachment.databaseIsAway(null);
        }
        return epochs;
    }
}
