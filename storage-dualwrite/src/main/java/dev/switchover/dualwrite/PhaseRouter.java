package dev.switchover.dualwrite;

import dev.switchover.dualwrite.shadow.ShadowReads;
import dev.switchover.json.JsonStore;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.MixedPhasesException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends each call to the store that is the primary of its collection: writes go on to the mirror, reads fall back on the JSON
 * copy while the database is away. Thread-safe.
 */
final class PhaseRouter implements RecordAccess {

    private final Map<CollectionSchema<?, ?>, Route> routes;
    private final Stores stores;
    private final Mirrors mirrors;
    private final @Nullable DatabaseWatch watch;
    private final boolean staleReads;
    private final ShadowReads shadow;
    private final Reads reads = new Reads(copyTime -> {});
    private volatile boolean closed;

    PhaseRouter(
            List<Route> routes,
            Stores stores,
            Mirrors mirrors,
            @Nullable DatabaseWatch watch,
            boolean staleReads,
            ShadowReads shadow) {
        this.shadow = shadow;
        this.routes = new IdentityHashMap<>();
        routes.forEach(route -> this.routes.put(route.schema(), route));
        this.stores = stores;
        this.mirrors = mirrors;
        this.watch = watch;
        this.staleReads = staleReads;
    }

    /** This, telling the listener of each call. */
    RecordAccess timed(CallListener listener) {
        return new TimedAccess(this, this::phase, listener);
    }

    /** The highest version of the collection this process has been told of; asks no store that may not answer. */
    long knownVersion(CollectionSchema<?, ?> schema) {
        if (phase(schema).databasePhase()) {
            Route route = routes.get(schema);
            return route == null ? 0 : route.ledgerPosition().version();
        }
        JsonStore held = stores.heldJson();
        return held == null
                ? 0
                : held.ledger()
                        .read(schema)
                        .map(entry -> entry.position().version())
                        .orElse(0L);
    }

    private Phase phase(CollectionSchema<?, ?> schema) {
        Route route = routes.get(schema);
        if (route == null) {
            throw new IllegalArgumentException("The storage was not opened with " + schema.name());
        }
        return route.phase();
    }

    /** From now on every call is refused. */
    void close() {
        closed = true;
    }

    @Override
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return reads.find(schema, id);
    }

    @Override
    public List<RawRecord> list(CollectionSchema<?, ?> schema, Query query) {
        return reads.list(schema, query);
    }

    @Override
    public RecordCursor stream(CollectionSchema<?, ?> schema, Query query) {
        return reads.stream(schema, query);
    }

    @Override
    public long count(CollectionSchema<?, ?> schema, Query query) {
        return reads.count(schema, query);
    }

    @Override
    public long nextId(CollectionSchema<?, ?> schema) {
        Route route = route(schema);
        requireServing(route);
        return write(route.phase().primary(), store -> store.nextId(schema));
    }

    @Override
    public List<Written> write(List<Write> writes) {
        if (writes.isEmpty()) {
            return List.of();
        }
        Store primary = primaryOf(writes);
        List<Written> written = write(primary, store -> store.write(writes));
        mirrors.offer(primary, written);
        return written;
    }

    @Override
    public RecordAccess observing(Consumer<Instant> copyTime) {
        return new Reads(copyTime);
    }

    private <R> R write(Store primary, Function<RecordStore, R> call) {
        if (primary == Store.JSON) {
            return json(call);
        }
        DatabaseWatch database = database();
        database.check();
        try {
            return call.apply(stores.postgres());
        } catch (StoreUnavailableException | FencedException e) {
            database.wake();
            throw e;
        }
    }

    private <R> R read(CollectionSchema<?, ?> schema, Function<RecordAccess, R> call, Consumer<Instant> copyTime) {
        Route route = route(schema);
        if (route.phase().primary() == Store.JSON) {
            return shadowed(route, json(call), call);
        }
        DatabaseWatch database = database();
        long began = System.nanoTime();
        try {
            database.check();
            requireServing(route);
            return shadowed(route, call.apply(stores.postgres()), call);
        } catch (StoreUnavailableException e) {
            // A full pool or a slow query is no reason to answer with old records: only an unreachable database is.
            if (!staleReads || (route.serving() && !database.confirmAway(began))) {
                throw e;
            }
            return stale(route, call, copyTime, e);
        }
    }

    private <R> R json(Function<? super RecordStore, R> call) {
        RecordStore json = stores.json();
        try {
            return call.apply(json);
        } catch (StorageClosedException e) {
            if (closed) {
                throw e;
            }
            throw new StoreUnavailableException(
                    Store.JSON, "The directory is being handed over to another process; send the request there", e);
        }
    }

    private <R> R stale(
            Route route, Function<RecordAccess, R> call, Consumer<Instant> copyTime, StoreUnavailableException reason) {
        JsonCopy.Snapshot copy = stores.jsonCopy().read(route.schema());
        if (copy == null) {
            throw new StoreUnavailableException(
                    reason.store(), reason.getMessage() + "; " + JsonCopy.none(route.schema()), reason);
        }
        route.answeredStale();
        copyTime.accept(copy.time());
        return call.apply(copy.records());
    }

    /** A share of what the primary answered is asked of the mirror too, on another thread. */
    private <R> R shadowed(Route route, R answer, Function<RecordAccess, R> call) {
        if (!route.phase().mirrored() || answer instanceof RecordCursor || !shadow.isChosen()) {
            return answer;
        }
        RecordStore json = stores.heldJson();
        RecordStore postgres = stores.configuredPostgres();
        if (json != null && postgres != null) {
            boolean inDatabase = route.phase().databasePhase();
            shadow.offer(route.schema(), inDatabase ? postgres : json, inDatabase ? json : postgres, answer, call);
        }
        return answer;
    }

    private Store primaryOf(List<Write> writes) {
        Store primary = null;
        for (Write write : writes) {
            Route route = route(write.schema());
            requireServing(route);
            Store own = route.phase().primary();
            if (primary != null && primary != own) {
                throw new MixedPhasesException("A unit of work needs one primary, but "
                        + write.schema().name() + " is in phase "
                        + route.phase() + " and " + writes.get(0).schema().name() + " is not led by the same store;"
                        + " bring both to the same side, or write them separately");
            }
            primary = own;
        }
        if (primary == null) {
            throw new IllegalStateException("no writes");
        }
        return primary;
    }

    /** After a start on stale reads the database may answer before the guard has let it serve. */
    private static void requireServing(Route route) {
        if (!route.serving()) {
            throw new StoreUnavailableException(
                    route.phase().primary(),
                    route.phase().primary().label() + " does not serve "
                            + route.schema().name() + " yet: the start waits for it; try again later",
                    null);
        }
    }

    private DatabaseWatch database() {
        if (watch == null) {
            throw new IllegalStateException("a database phase without a watch");
        }
        return watch;
    }

    private Route route(CollectionSchema<?, ?> schema) {
        if (closed) {
            throw new StorageClosedException();
        }
        Route route = routes.get(schema);
        if (route == null) {
            throw new IllegalArgumentException("The storage was not opened with " + schema.name());
        }
        route.check();
        return route;
    }

    /** Reads that tell the time of the copy when one answered. */
    private final class Reads implements RecordAccess {

        private final Consumer<Instant> copyTime;

        Reads(Consumer<Instant> copyTime) {
            this.copyTime = copyTime;
        }

        @Override
        public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
            return read(schema, store -> store.find(schema, id), copyTime);
        }

        @Override
        public List<RawRecord> list(CollectionSchema<?, ?> schema, Query query) {
            return read(schema, store -> store.list(schema, query), copyTime);
        }

        @Override
        public RecordCursor stream(CollectionSchema<?, ?> schema, Query query) {
            return read(schema, store -> store.stream(schema, query), copyTime);
        }

        @Override
        public long count(CollectionSchema<?, ?> schema, Query query) {
            return read(schema, store -> store.count(schema, query), copyTime);
        }

        @Override
        public long nextId(CollectionSchema<?, ?> schema) {
            return PhaseRouter.this.nextId(schema);
        }

        @Override
        public List<Written> write(List<Write> writes) {
            return PhaseRouter.this.write(writes);
        }
    }
}
