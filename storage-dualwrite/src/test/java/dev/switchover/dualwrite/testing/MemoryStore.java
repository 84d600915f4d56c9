package dev.switchover.dualwrite.testing;

import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.storage.Query;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.query.QueryEvaluator;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.GroupCommitListener;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.MirrorTarget;
import dev.switchover.storage.spi.PendingSet;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Restoration;
import dev.switchover.storage.spi.Restored;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A {@link MemoryDisk} as one process sees it. After {@link #crash} every call of this process fails. */
public final class MemoryStore implements RecordStore {

    private final MemoryDisk disk;
    private final List<CollectionSchema<?, ?>> schemas;
    private final Map<String, Long> served = new ConcurrentHashMap<>();
    private final MemoryLedger ledger;
    private final MemoryPending pending;
    private final MemoryTarget target;
    private volatile boolean crashed;
    private volatile @Nullable GroupCommitListener listener;
    private volatile boolean closed;

    MemoryStore(MemoryDisk disk, List<CollectionSchema<?, ?>> schemas) {
        this.disk = disk;
        this.schemas = schemas;
        // These take the disk from here.
        this.ledger = new MemoryLedger(this);
        this.pending = new MemoryPending(this);
        this.target = new MemoryTarget(this);
    }

    public MemoryDisk disk() {
        return disk;
    }

    /** This process dies, what it had not forced is gone. Returns the store of the next process. */
    public MemoryStore crash() {
        crashed = true;
        if (disk.store() == Store.JSON) {
            disk.dropVolatile();
        }
        return new MemoryStore(disk, schemas);
    }

    /** This process dies. Its disk is left as it is, for a test that crashes several stores as one process. */
    public void die() {
        crashed = true;
    }

    /** All records, the envelope first, in id order; without faults. */
    public List<RawRecord> records(CollectionSchema<?, ?> schema) {
        return disk.locked(() -> new ArrayList<>(disk.state(schema).records.values()));
    }

    /** The reasons of all changes of the entry so far. */
    public List<String> history(CollectionSchema<?, ?> schema) {
        return disk.locked(() -> List.copyOf(disk.state(schema).history));
    }

    @Override
    public Store store() {
        return disk.store();
    }

    @Override
    public List<CollectionSchema<?, ?>> schemas() {
        return schemas;
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public PendingSet pending() {
        return pending;
    }

    @Override
    public MirrorTarget mirrorTarget() {
        return target;
    }

    @Override
    public void serve(CollectionSchema<?, ?> schema, long epoch) {
        served.put(schema.name(), epoch);
    }

    @Override
    public void prepare() {
        call(Call.of(Operation.PREPARE), () -> null);
    }

    @Override
    public void ping() {
        call(Call.of(Operation.PING), () -> null);
    }

    @Override
    public boolean hasRecords(CollectionSchema<?, ?> schema) {
        return call(
                Call.of(Operation.HAS_RECORDS, schema),
                () -> !disk.state(schema).records.isEmpty());
    }

    @Override
    public RecordCursor scan(CollectionSchema<?, ?> schema) {
        Iterator<RawRecord> records = call(
                        Call.of(Operation.SCAN, schema),
                        () -> new ArrayList<>(disk.state(schema).records.values()))
                .iterator();
        return RecordCursor.of(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return records.hasNext();
            }

            @Override
            public RawRecord next() {
                RawRecord next = records.next();
                call(Call.of(Operation.SCAN_NEXT, schema, List.of(next.id())), () -> null);
                return next;
            }
        });
    }

    @Override
    public RecordSnapshot snapshot(Collection<? extends CollectionSchema<?, ?>> of) {
        throw new UnsupportedOperationException("no test takes a backup of a store in memory");
    }

    @Override
    public List<Restored> restore(List<Restoration> wanted, boolean together) {
        throw new UnsupportedOperationException("no test restores a store in memory");
    }

    @Override
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return call(
                Call.of(Operation.FIND, schema, List.of(id)),
                () -> Optional.ofNullable(disk.state(schema).records.get(id)));
    }

    @Override
    public List<RawRecord> list(CollectionSchema<?, ?> schema, Query query) {
        return QueryEvaluator.of(schema, query).evaluate(inOrder(schema));
    }

    @Override
    public RecordCursor stream(CollectionSchema<?, ?> schema, Query query) {
        return RecordCursor.of(list(schema, query).iterator());
    }

    @Override
    public long count(CollectionSchema<?, ?> schema, Query query) {
        if (query.filters().isEmpty()) {
            return inOrder(schema).size();
        }
        return inOrder(schema).stream()
                .filter(QueryEvaluator.of(schema, query).filter())
                .count();
    }

    private List<RawRecord> inOrder(CollectionSchema<?, ?> schema) {
        return call(
                Call.of(Operation.QUERY, schema),
                () -> disk.state(schema).records.values().stream()
                        .filter(record -> !record.id().isEnvelope())
                        .sorted(Comparator.comparingLong(RawRecord::order))
                        .toList());
    }

    @Override
    public long nextId(CollectionSchema<?, ?> schema) {
        return run(
                Call.of(Operation.NEXT_ID, schema),
                () -> MemoryWrite.requireServed(disk.state(schema), servedEpoch(schema)),
                entry -> {
                    disk.harden();
                    return ++disk.state(schema).highestId;
                });
    }

    @Override
    public List<Written> write(List<Write> writes) {
        Call call = new Call(
                Operation.WRITE,
                writes.stream().map(write -> write.schema().name()).distinct().toList(),
                writes.stream().map(MemoryStore::id).filter(id -> id != null).toList());
        List<Written> done = run(call, () -> MemoryWrite.check(this, writes), write -> {
            List<Written> written = write.commit();
            disk.harden();
            return written;
        });
        GroupCommitListener to = listener;
        if (to != null && disk.isSimulated() && done.size() == 1 && done.get(0).version() % 2 == 0) {
            to.committed(done);
        }
        return done;
    }

    /** It is told of half of the writes of a simulation, as if others had been committed with them; otherwise of none. */
    @Override
    public void onGroupCommit(@Nullable GroupCommitListener to) {
        listener = to;
    }

    /** As if this had been committed as a group. */
    public void groupCommit(List<Written> written) {
        Objects.requireNonNull(listener).committed(written);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Nullable
    Long servedEpoch(CollectionSchema<?, ?> schema) {
        return served.get(schema.name());
    }

    /** @throws StorageClosedException if this process has closed it */
    public void requireOpen() {
        if (closed) {
            throw new StorageClosedException();
        }
    }

    void requireAlive() {
        if (crashed) {
            throw disk.faults().unavailable("this process has crashed");
        }
        requireOpen();
    }

    <T extends @Nullable Object> T call(Call call, Supplier<T> effect) {
        return disk.run(this, call, () -> null, nothing -> effect.get());
    }

    <C extends @Nullable Object, T extends @Nullable Object> T run(
            Call call, Supplier<C> check, Function<C, T> effect) {
        return disk.run(this, call, check, effect);
    }

    static RecordExistsException exists(CollectionSchema<?, ?> schema, RecordId id) {
        return new RecordExistsException(schema.name(), id.text());
    }

    private static @Nullable RecordId id(Write write) {
        if (write instanceof Write.Put put) {
            return put.id();
        }
        if (write instanceof Write.Check check) {
            return check.id();
        }
        return write instanceof Write.Delete delete ? delete.id() : null;
    }
}
