package dev.switchover.json;

import dev.switchover.json.directory.Disk;
import dev.switchover.storage.Query;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.query.QueryEvaluator;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory of JSON files as a store. A write is durable, in the journal, when it returns; the files follow within moments,
 * always whole. Reads come from memory. Thread-safe; callers may be interrupted without harm.
 *
 * <p>Close it: it holds the directory's lock and two threads.
 */
public final class JsonStore implements RecordStore {

    /** A restore may write a gigabyte. In nanoseconds. */
    private static final long RESTORE_PATIENCE = Duration.ofMinutes(10).toNanos();

    private final List<CollectionSchema<?, ?>> schemas;
    private final OpenDirectory open;
    private final Clock clock;
    private final JsonLedger ledger;
    private final JsonPendingSet pending;
    private final JsonMirrorTarget target;
    private final Map<String, Long> served = new ConcurrentHashMap<>();
    private final IssuedIds ids;

    private JsonStore(List<CollectionSchema<?, ?>> schemas, OpenDirectory open, JsonSettings settings, Clock clock) {
        this.schemas = schemas;
        this.open = open;
        this.clock = clock;
        long patience = settings.deadline().toNanos();
        this.ledger = new JsonLedger(open.state(), open.committer(), open.id(), clock);
        this.pending = new JsonPendingSet(open.state(), open.committer(), clock);
        this.target = new JsonMirrorTarget(open.state(), open.committer(), this::checkpoint, patience);
        this.ids = new IssuedIds(open.state(), open.committer());
    }

    /**
     * Takes the directory's lock and recovers what is there. Every collection is checked before anything is created or
     * changed.
     *
     * @throws DirectoryLockedException if somebody else has it open
     * @throws dev.switchover.storage.CorruptFileException if a file is not what it should be
     * @throws dev.switchover.storage.StartRefusedException if it is not clear what counts
     * @throws dev.switchover.storage.StoreUnavailableException if the directory cannot be read or written
     */
    public static JsonStore open(JsonSettings settings, Collection<? extends CollectionSchema<?, ?>> schemas) {
        return open(settings, schemas, Disk.real(), Clock.systemUTC());
    }

    static JsonStore open(
            JsonSettings settings, Collection<? extends CollectionSchema<?, ?>> schemas, Disk disk, Clock clock) {
        List<CollectionSchema<?, ?>> opened = List.copyOf(schemas);
        return new JsonStore(opened, Opening.open(settings, opened, disk, clock, false, null), settings, clock);
    }

    /**
     * {@link #open}, for one who has just looked at a directory that had never been opened: its files are not parsed and checked
     * again if they are still the same, byte for byte.
     *
     * @param before read with the same settings and schemas; not to be used any more, for the store takes its records over
     */
    public static JsonStore open(
            JsonSettings settings, Collection<? extends CollectionSchema<?, ?>> schemas, ReadOnlyJsonStore before) {
        List<CollectionSchema<?, ?>> opened = List.copyOf(schemas);
        Clock clock = Clock.systemUTC();
        OpenDirectory open = Opening.open(settings, opened, Disk.real(), clock, false, before.recovered());
        return new JsonStore(opened, open, settings, clock);
    }

    /** {@link #open}, also of a directory whose files were retired: for the export that makes new ones. */
    public static JsonStore openRetired(JsonSettings settings, Collection<? extends CollectionSchema<?, ?>> schemas) {
        List<CollectionSchema<?, ?>> opened = List.copyOf(schemas);
        Clock clock = Clock.systemUTC();
        return new JsonStore(opened, Opening.open(settings, opened, Disk.real(), clock, true, null), settings, clock);
    }

    /**
     * Reads the directory as it is now, without its lock, beside a process that writes it. What it returns does not change,
     * and cannot be written.
     *
     * @throws dev.switchover.storage.CorruptFileException if a file is not what it should be
     * @throws dev.switchover.storage.StoreUnavailableException if the directory cannot be read
     */
    public static ReadOnlyJsonStore openReadOnly(
            JsonSettings settings, Collection<? extends CollectionSchema<?, ?>> schemas) {
        return ReadOnlyJsonStore.open(settings, List.copyOf(schemas), Disk.real(), Clock.systemUTC());
    }

    /** For each further file of the collection that could not be written last time: which, and why. */
    public List<String> copyProblems(CollectionSchema<?, ?> schema) {
        return open.copies().problems(schema.name());
    }

    /** Whether no other process has taken the directory over. Looks at files; never waits for the disk. */
    public boolean holdsDirectory() {
        return open.isHeld();
    }

    @Override
    public Store store() {
        return Store.JSON;
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
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        requireOpen();
        return open.state().read(schema, collection -> Optional.ofNullable(collection.find(id)));
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
            requireOpen();
            return open.state().read(schema, collection -> (long) collection.size());
        }
        return inOrder(schema).stream()
                .filter(QueryEvaluator.of(schema, query).filter())
                .count();
    }

    private List<RawRecord> inOrder(CollectionSchema<?, ?> schema) {
        requireOpen();
        return Arrays.asList(open.state().read(schema, collection -> collection.inOrder()));
    }

    @Override
    public RecordCursor scan(CollectionSchema<?, ?> schema) {
        requireOpen();
        return Scan.cursor(schema, open.state().read(schema, Scan::copy));
    }

    @Override
    public RecordSnapshot snapshot(Collection<? extends CollectionSchema<?, ?>> of) {
        requireOpen();
        return open.state().read(() -> new JsonSnapshot(of, open.state()::of, ledger::read));
    }

    @Override
    public long nextId(CollectionSchema<?, ?> schema) {
        return ids.next(schema, servedEpoch(schema));
    }

    @Override
    public List<Written> write(List<Write> writes) {
        Writes work = new Writes(List.copyOf(writes), this::servedEpoch, clock.millis());
        return open.committer().commit(work::into);
    }

    @Override
    public List<Restored> restore(List<Restoration> wanted, boolean together) {
        requireOpen();
        JsonRestore work = new JsonRestore(
                wanted, together, (schema, id) -> find(schema, id).orElse(null), this::servedEpoch, clock.millis());
        return open.committer().commit(work::into, Math.max(open.patience(), RESTORE_PATIENCE));
    }

    private @Nullable Long servedEpoch(CollectionSchema<?, ?> schema) {
        return served.get(schema.name());
    }

    @Override
    public void serve(CollectionSchema<?, ?> schema, long epoch) {
        served.put(schema.name(), epoch);
    }

    /** The directory was made ready when it was opened; this tells whether it still is. */
    @Override
    public void prepare() {
        ping();
    }

    @Override
    public boolean hasRecords(CollectionSchema<?, ?> schema) {
        requireOpen();
        return !open.state().read(schema, collection -> collection.isEmpty())
                || open.checkpointer().hasFile(schema.name());
    }

    /** After a failure of the disk it also tries to write again. */
    @Override
    public void ping() {
        open.committer().force(open.patience());
    }

    /**
     * Writes everything that has changed into the files, now.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if they cannot be written; nothing is lost
     */
    public void checkpoint() {
        requireOpen();
        open.worker().writeNow();
    }

    /**
     * Whether each file is read back and compared before it takes its name. One that is not read back as it was written is thrown
     * away, the file before it stays, and {@link #checkpoint} throws.
     */
    public void readBackFiles(boolean wanted) {
        open.checkpointer().readBack(wanted);
    }

    /**
     * The last moment for which this store is known to be complete: for a mirror, when its primary last told how far it was; for
     * an authority, its last write.
     */
    public Instant copyTime(CollectionSchema<?, ?> schema) {
        return open.state().read(schema, CopyTime::of);
    }

    private void requireOpen() {
        if (open.isClosed()) {
            throw new StorageClosedException();
        }
    }

    /** What is known of a ledger entry's past, oldest first: time, host, pid, change and reason. */
    public List<String> history(CollectionSchema<?, ?> schema) {
        return open.state().read(schema, collection -> List.copyOf(collection.history()));
    }

    /** Commits what was submitted, writes the files and lets go of the lock. */
    @Override
    public void close() {
        open.close();
    }
}
