package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.Query;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.MirrorTarget;
import dev.switchover.storage.spi.PendingSet;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in PostgreSQL. A write of one record, with its fence and its pending mark, is one statement and one round trip;
 * several are one transaction. Thread-safe.
 *
 * <p>Every call against a database that does not answer ends within {@code connectionTimeout + answerTimeout} of the settings
 * ({@code bulkTimeout} for scans, streams and loads).
 *
 * <p>A database that went back in time is noticed on every new connection, by {@link #ping} and by the version of a write: then a
 * call throws {@link dev.switchover.storage.FencedException}, or {@link dev.switchover.storage.UnknownOutcomeException} for a
 * write that went into the older copy.
 */
public final class PostgresStore implements RecordStore {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);
    private static final Subject SERVER = new Subject("the server", null);

    private final PostgresSettings settings;
    private final List<CollectionSchema<?, ?>> schemas;
    private final Names names;
    private final Database database;
    private final Continuity continuity;
    private final Epochs epochs = new Epochs();
    private final IdSequence idSequence;
    private final Beside beside;
    private final SingleWriter singleWriter;
    private final BatchWriter batchWriter;
    private final RecordReader reader;
    private final PostgresLedger ledger;
    private final PostgresPending pending;
    private final PostgresMirror mirror;

    private final Set<String> warned = ConcurrentHashMap.newKeySet();
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
        this.singleWriter = new SingleWriter(database, () -> tables, epochs, idSequence, beside);
        this.batchWriter = new BatchWriter(database, names, () -> tables, () -> capabilities, epochs, idSequence);
        this.reader = new RecordReader(database, names, () -> tables, settings);
        this.ledger = new PostgresLedger(database, names, () -> capabilities, continuity);
        this.pending = new PostgresPending(database, names, () -> tables, () -> capabilities);
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
        long[] before = continuity.before(writes);
        List<Written> written = dispatch(writes);
        continuity.acknowledge(before, written);
        return written;
    }

    private List<Written> dispatch(List<Write> writes) {
        if (writes.size() == 1) {
            Write write = writes.get(0);
            if (write instanceof Write.Put put) {
                return List.of(singleWriter.put(put));
            } else if (write instanceof Write.Delete delete) {
                return List.of(singleWriter.delete(delete));
            } else if (write instanceof Write.Insert insert) {
                return List.of(singleWriter.insert(insert));
            }
        }
        return writes.isEmpty() ? List.of() : batchWriter.write(writes);
    }

    @Override
    public void serve(CollectionSchema<?, ?> schema, long epoch) {
        continuity.serves(schema);
        epochs.serve(schema, epoch);
    }

    @Override
    public void prepare() {
        Capabilities found = database.read(SERVER, connection -> {
            checkSession(connection);
            return Capabilities.of(connection);
        });
        new SchemaSetup(database, names, settings, schemas).run(found);
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
            checkSession(connection);
            Capabilities found = Capabilities.of(connection);
            capabilities = found;
            tables = new Tables(schemas, names, found);
            return TableLook.schema(connection, schemas, names);
        });
    }

    /**
     * The rows of a collection's table as it is, in no order and without versions, also if {@link #prepare} has never seen it. It
     * must exist, without {@link SchemaLook.Table#problems}.
     */
    public RecordCursor rows(CollectionSchema<?, ?> schema) {
        RecordTable shape = tables.records(schema).shape();
        QuerySql.Statement sql =
                database.read(new Subject(schema.name(), null), connection -> TableLook.rows(connection, shape));
        return SqlCursor.open(database, settings, schema, List.of(new SqlCursor.Part(shape, sql)));
    }

    /** A server that takes no writes counts as one that does not answer: a replica may be behind without knowing it. */
    @Override
    public void ping() {
        database.question(SERVER, connection -> {
            if (!continuity.look(connection)) {
                throw takesNoWrites();
            }
            return true;
        });
    }

    @Override
    public void close() {
        database.close();
    }

    /** How the pool is used now; empty if it is the host's. */
    public Optional<PoolUse> poolUse() {
        return Optional.ofNullable(database.poolUse());
    }

    /** Reads the flags of this store's schema; see {@link FeatureFlagTable}. */
    public FeatureFlagTable featureFlags() {
        return new FeatureFlagTable(database, names);
    }

    private void warnOnce(String warning) {
        if (warned.add(warning)) {
            LOG.warn("{}", warning);
        }
    }

    private static void requireWritable(String readOnly) throws SQLException {
        if (readOnly.equals("on")) {
            throw takesNoWrites();
        }
    }

    private static SQLException takesNoWrites() {
        return new SQLException("The server takes no writes", "25006");
    }

    /** What start-up options set, and what a pooler or a role may have set otherwise. */
    private void checkSession(Connection connection) throws SQLException {
        String sql = "SELECT current_setting('transaction_isolation'), current_setting('synchronous_commit'),"
                + " current_setting('statement_timeout'), current_setting('server_encoding'),"
                + " current_setting('transaction_read_only')";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            requireWritable(row.getString(5));
            if (!row.getString(1).equals("read committed")) {
                throw new StartRefusedException(
                        "ISOLATION",
                        "The connection's default isolation is " + row.getString(1)
                                + "; writes are fenced at READ COMMITTED only",
                        "Set default_transaction_isolation to 'read committed' for Switchover's role");
            }
            if (!row.getString(4).equals("UTF8")) {
                throw new StartRefusedException(
                        "ENCODING",
                        "The database's encoding is " + row.getString(4) + ", which cannot hold every record",
                        "Use a database with ENCODING 'UTF8'");
            }
            if (row.getString(2).equals("off")) {
                warnOnce(
                        "PostgreSQL has synchronous_commit=off: a write that was acknowledged can be lost when it crashes");
            }
            if (row.getString(3).equals("0")) {
                warnOnce("PostgreSQL has no statement_timeout: a slow statement goes on after its caller has given up");
            }
        }
    }
}
