package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.Query;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records in PostgreSQL. A write of one record, with its fence and its pending mark, is one statement and one round trip,
 * which callers at the same time may share; several are one transaction. Thread-safe.
 *
 * <p>Every call against a database that does not answer ends within {@code connectionTimeout + answerTimeout} of the settings
 * ({@code bulkTimeout} for scans, streams and loads).
 *
 * <p>A database that went back in time is noticed on every new connection, by {@link #ping} and by the version of a write: then a
 * call throws {@link dev.switchover.storage.FencedException}, or {@link dev.switchover.storage.UnknownOutcomeException} for a
 * write that went into the older copy.
 */
public final class PostgresStore implements RecordStore {

    private static final Subject SERVER = new Subject("the server", null);

    private final PostgresSettings settings;
    private final List<CollectionSchema<?, ?>> schemas;
    private final Names names;
    private final Database database;
    private final Continuity continuity;
    private final Epochs epochs = new Epochs();
    private final IdSequence idSequence;
    private final Beside beside;
    private final RecordWriter writer;
    private final RecordReader reader;
    private final PostgresLedger ledger;
    private final PostgresPending pending;
    private final PostgresMirror mirror;
    private final SessionCheck session = new SessionCheck();
    private volatile Capabilities capabilities = Capabilities.NONE;
    private volatile Tables tables;

    private PostgresStore(PostgresSettings settings, List<CollectionSchema<?, ?>> schemas) {
        this.settings = settings;
        this.schemas = List.copyOf(schemas);
        this.names = new Names(settings.schema());
        this.tables = new Tables(this.schemas, names, capabilities);
        this.continuity = new Continuity(names, () -> tables, () -> capabilities);
        this.database = new Database(settings, continuity::lookOnce);
        this.idSequence = new IdSequence(database, names);
        this.beside = new Beside(database, names, settings);
        JoinedUnits joined = new JoinedUnits(names);
        this.reader = new RecordReader(database, names, () -> tables, settings);
        var parts = new WriterParts(
                database, names, () -> tables, () -> capabilities, epochs, idSequence, joined, beside, continuity);
        this.writer = new RecordWriter(parts, reader, settings);
        this.ledger = new PostgresLedger(database, names, () -> capabilities, continuity);
        this.pending = new PostgresPending(database, names, () -> tables, () -> capabilities, joined);
        this.mirror = new PostgresMirror(database, names, () -> tables, () -> capabilities, settings);
    }

    /**
     * Makes a store. No connection is opened before {@link #prepare} or the first call.
     *
     * @throws dev.switchover.storage.ConfigurationException with every problem of the settings
     */
    public static PostgresStore open(PostgresSettings settings, List<? extends CollectionSchema<?, ?>> schemas) {
        settings.check();
        return new PostgresStore(settings, List.copyOf(schemas));
    }

    /** The SQL of all tables, for whoever applies it by hand. */
    public static String schemaSql(PostgresSettings settings, List<? extends CollectionSchema<?, ?>> schemas) {
        settings.check();
        return SchemaSetup.sql(new Names(settings.schema()), List.copyOf(schemas));
    }

    @Override
    public Store store() {
        return Store.POSTGRESQL;
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
        return mirror;
    }

    @Override
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return reader.find(schema, id);
    }

    @Override
    public List<RawRecord> list(CollectionSchema<?, ?> schema, Query query) {
        return reader.list(schema, query);
    }

    @Override
    public RecordCursor stream(CollectionSchema<?, ?> schema, Query query) {
        return reader.stream(schema, query);
    }

    @Override
    public RecordCursor scan(CollectionSchema<?, ?> schema) {
        return reader.scan(schema);
    }

    @Override
    public RecordCursor scanVersions(CollectionSchema<?, ?> schema) {
        return reader.scanVersions(schema);
    }

    @Override
    public RecordSnapshot snapshot(Collection<? extends CollectionSchema<?, ?>> of) {
        return PostgresSnapshot.open(database, settings, reader, ledger, of);
    }

    @Override
    public long count(CollectionSchema<?, ?> schema, Query query) {
        return reader.count(schema, query);
    }

    @Override
    public boolean hasRecords(CollectionSchema<?, ?> schema) {
        return reader.any(schema);
    }

    @Override
    public long nextId(CollectionSchema<?, ?> schema) {
        return idSequence.next(schema);
    }

    @Override
    public List<Written> write(List<Write> writes) {
        return writer.write(writes);
    }

    @Override
    public List<Restored> restore(List<Restoration> wanted, boolean together) {
        return writer.restore(wanted, together);
    }

    @Override
    public void serve(CollectionSchema<?, ?> schema, long epoch) {
        continuity.serves(schema);
        epochs.serve(schema, epoch);
    }

    @Override
    public void prepare() {
        Capabilities found = setUp();
        schemas.forEach(beside::takeInAll);
        idSequence.forget();
        capabilities = found;
        tables = new Tables(schemas, names, found);
    }

    /**
     * What the database has of the tables, without {@link #prepare}: nothing is created, changed or locked. Where nothing is
     * missing the store can be read afterwards, and marks be set, beside a service that has prepared it.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if the database does not answer
     * @throws StartRefusedException if its settings or encoding do not do
     */
    public SchemaLook look() {
        return database.read(SERVER, connection -> {
            session.check(connection);
            Capabilities found = Capabilities.of(connection);
            capabilities = found;
            tables = new Tables(schemas, names, found);
            return TableLook.schema(connection, schemas, names);
        });
    }

    /**
     * Creates, upgrades or checks the tables as the settings say, and does nothing else of {@link #prepare}. May be done while others
     * work on the tables.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if the database does not answer
     * @throws StartRefusedException if something does not fit, or is missing and may not be made
     */
    public void setUpSchema() {
        setUp();
    }

    private Capabilities setUp() {
        Capabilities found = database.read(SERVER, connection -> {
            session.check(connection);
            return Capabilities.of(connection);
        });
        new SchemaSetup(database, names, settings, schemas).run(found);
        return found;
    }

    /**
     * What can be told of the server, the session and the role's rights; nothing is created, changed or locked.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if the database does not answer
     */
    public ServerLook server() {
        return database.read(SERVER, connection -> ServerLook.of(connection, schemas, names));
    }

    /**
     * The rows of a collection's table as it is, in no order and without versions, also if {@link #prepare} has never seen it. It
     * must exist, without {@link SchemaLook.Table#problems}.
     */
    public RecordCursor rows(CollectionSchema<?, ?> schema) {
        RecordTable shape = tables.records(schema).shape();
        QuerySql.Statement sql =
                database.read(new Subject(schema.name(), null), connection -> TableLook.rows(connection, shape));
        return BulkCursor.open(database, settings, schema, List.of(new SqlRows.Part(shape, sql)));
    }

    /** A server that takes no writes counts as one that does not answer: a replica may be behind without knowing it. */
    @Override
    public void ping() {
        database.question(SERVER, connection -> {
            if (!continuity.look(connection)) {
                throw SessionCheck.takesNoWrites();
            }
            return true;
        });
    }

    @Override
    public void close() {
        database.close();
    }

    @Override
    public void onGroupCommit(@Nullable GroupCommitListener listener) {
        writer.combined().onGroupCommit(listener);
    }

    /** How many writes were carried out together with those of other callers. */
    long combinedWrites() {
        return writer.combined().count();
    }

    /** How the pool is used now; empty if it is the host's. */
    public Optional<PoolUse> poolUse() {
        return Optional.ofNullable(database.poolUse());
    }

    /** What was exported last. */
    public ExportTable exports() {
        return new ExportTable(database, names);
    }

    /** What runs on a schedule. */
    public JobTable jobs() {
        return new JobTable(database, names);
    }

    /** Reads the flags of this store's schema; see {@link FeatureFlagTable}. */
    public FeatureFlagTable featureFlags() {
        return new FeatureFlagTable(database, names);
    }

    /** Triggers that record as pending what others write into the records' tables. */
    public MarkTriggers markTriggers() {
        return new MarkTriggers(database, schemas, names);
    }

    /** What operators' work found or did; see {@link ReportTable}. */
    public ReportTable reports() {
        return new ReportTable(database, names);
    }
}
