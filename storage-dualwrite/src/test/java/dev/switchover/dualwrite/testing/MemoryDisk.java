package dev.switchover.dualwrite.testing;

import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What outlives a process: the records, marks and ledger entries of one store. {@link #open} gives a process its store;
 * several at once stand for several processes with one database.
 *
 * <p>A disk keeps what was applied in a volatile half until it is forced, or until anything durable is written after it. A JSON disk loses
 * that with its process, a PostgreSQL disk when its server is killed.
 *
 * <pre>{@code
 * MemoryDisk disk = MemoryDisk.json();
 * MemoryStore store = disk.open(EXPENSES);
 * disk.faults().unreachable(Call.to(Call.Operation.APPLY));
 * MemoryStore afterCrash = store.crash();
 * }</pre>
 */
public final class MemoryDisk {

    /** What a disk held at some moment. */
    public static final class Snapshot {
        private final Map<String, CollectionState> collections;

        private Snapshot(Map<String, CollectionState> collections) {
            this.collections = collections;
        }
    }

    private final Store store;
    private final Faults faults;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final CallsInFlight calls = new CallsInFlight(lock);
    private Map<String, CollectionState> present = new HashMap<>();
    /** What a crash leaves; null while that is everything. */
    private @Nullable Map<String, CollectionState> durable;

    private String timeline = "timeline-1";
    private int timelines = 1;
    private long sequence;
    private long tokens;
    private long applies;
    private long kills;
    private volatile @Nullable Traffic traffic;

    private MemoryDisk(Store store, Clock clock) {
        this.store = store;
        this.faults = new Faults(store);
        this.clock = clock;
    }

    public static MemoryDisk json() {
        return new MemoryDisk(Store.JSON, Clock.systemUTC());
    }

    public static MemoryDisk postgres() {
        return new MemoryDisk(Store.POSTGRESQL, Clock.systemUTC());
    }

    /** With the clock that leases and marks go by. */
    public static MemoryDisk of(Store store, Clock clock) {
        return new MemoryDisk(store, clock);
    }

    /** The store as one process sees it. */
    public MemoryStore open(CollectionSchema<?, ?>... schemas) {
        return new MemoryStore(this, List.of(schemas));
    }

    public Faults faults() {
        return faults;
    }

    public Store store() {
        return store;
    }

    public Snapshot snapshot() {
        return locked(() -> new Snapshot(copy(present)));
    }

    /** Goes back in time, as a restored backup does: the timeline stays. */
    public void restoreTo(Snapshot snapshot) {
        locked(() -> {
            present = copy(snapshot.collections);
            durable = null;
            return null;
        });
    }

    /** Another physical history with the same content, as after a failover. */
    public void newTimeline() {
        locked(() -> timeline = "timeline-" + ++timelines);
    }

    /** Drops what was not forced, as a crash of the process or a loss of power does. */
    public void dropVolatile() {
        locked(() -> {
            if (durable != null) {
                present = durable;
                durable = null;
            }
            return null;
        });
    }

    /** {@link #dropVolatile}, and what is under way does not happen. */
    public void killServer() {
        locked(() -> {
            dropVolatile();
            return ++kills;
        });
    }

    /** How often it was killed. */
    long kills() {
        return locked(() -> kills);
    }

    /** What was applied so far outlives a crash. */
    public void forceAll() {
        locked(() -> {
            harden();
            return null;
        });
    }

    /** A record from before the library, as a store finds it when it is opened first. */
    public void existing(CollectionSchema<?, ?> schema, RawRecord record) {
        locked(() -> {
            CollectionState state = state(schema);
            state.store(schema, record.id(), record);
            state.counter = Math.max(state.counter, record.version());
            return null;
        });
    }

    /** Changes a record behind everybody's back. */
    public void tamper(CollectionSchema<?, ?> schema, RawRecord record) {
        locked(() -> state(schema).records.put(record.id(), record));
    }

    /** Removes a record behind everybody's back. */
    public void tamper(CollectionSchema<?, ?> schema, RecordId removed) {
        locked(() -> state(schema).records.remove(removed));
    }

    Clock clock() {
        return clock;
    }

    String timeline() {
        return timeline;
    }

    long nextSequence() {
        return ++sequence;
    }

    String nextToken() {
        return store + "-token-" + ++tokens;
    }

    /** Under the lock only. */
    Collection<CollectionState> states() {
        return present.values();
    }

    CollectionState state(CollectionSchema<?, ?> schema) {
        return locked(() -> present.computeIfAbsent(
                schema.name(), name -> new CollectionState(name, schema.idType().order())));
    }

    /** Before a change that a crash may lose. Under the lock only. */
    void beginVolatile() {
        if (durable == null) {
            durable = copy(present);
        }
    }

    /** Whether everything so far outlives a crash. */
    public boolean isForced() {
        return locked(() -> durable == null);
    }

    /** Everything so far outlives a crash. Under the lock only. */
    void harden() {
        durable = null;
    }

    <T> T locked(Supplier<T> body) {
        lock.lock();
        try {
            return body.get();
        } finally {
            lock.unlock();
        }
    }

    /** Between the processes and this disk from now on; {@link #faults} are asked no more. */
    public void traffic(Traffic between) {
        traffic = between;
    }

    boolean isSimulated() {
        return traffic != null;
    }

    /** Runs a call in the two steps of a {@link Statement}. */
    <C extends @Nullable Object, T extends @Nullable Object> T run(
            MemoryStore process, Call call, Supplier<C> check, Function<C, T> effect) {
        Statement<T> statement = Statement.of(this, call, check, effect);
        Traffic between = traffic;
        return between == null ? carry(process, statement) : between.carry(process, statement);
    }

    private <T extends @Nullable Object> T carry(MemoryStore process, Statement<T> statement) {
        Call call = statement.call();
        process.requireAlive();
        faults.run(Faults.Moment.BEFORE, call);
        process.requireAlive();
        T result;
        try {
            statement.begin();
            faults.run(Faults.Moment.DURING, call);
            if (store == Store.JSON) {
                // A statement that has reached the database outlives its client; an append to a file does not.
                process.requireAlive();
            }
            result = statement.finish();
        } finally {
            statement.abandon();
        }
        faults.run(Faults.Moment.AFTER, call);
        process.requireAlive();
        return result;
    }

    /** Waits for the calls to this collection that are in flight now. */
    void awaitQuiet(CollectionSchema<?, ?> schema, Duration deadline) {
        List<CallsInFlight.Ticket> before = calls.to(schema.name());
        Traffic between = traffic;
        boolean quiet;
        try {
            quiet = between == null
                    ? calls.awaitEnd(before, deadline)
                    : between.awaitQuiet(() -> calls.haveEnded(before), deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw faults.unavailable("interrupted");
        }
        if (!quiet) {
            throw faults.unavailable("waited for " + before);
        }
    }

    CallsInFlight calls() {
        return calls;
    }

    /** The number of an apply that is about to be sent. */
    long nextApply() {
        return locked(() -> ++applies);
    }

    MemoryView view(CollectionSchema<?, ?> schema) {
        return locked(() -> {
            CollectionState now = state(schema);
            Map<String, CollectionState> old = durable;
            return MemoryView.of(now, old == null ? now : old.get(schema.name()));
        });
    }

    private static Map<String, CollectionState> copy(Map<String, CollectionState> collections) {
        Map<String, CollectionState> copy = new HashMap<>();
        collections.forEach((name, state) -> copy.put(name, new CollectionState(state)));
        return copy;
    }
}
