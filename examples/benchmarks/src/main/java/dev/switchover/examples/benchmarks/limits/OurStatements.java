package dev.switchover.examples.benchmarks.limits;

import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.peers.DocumentTable;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * {@link MarkThenAppend#SHARED} with the statements the library sends in {@code DB_PRIMARY}, over tables like its own: versions of a
 * sequence, the ledger read, a lock on each id, marks with a version in a table with three indexes, and the acknowledgement that takes
 * none that is newer. So what lies between the two is what the protocol has to say, and what lies between this and the library is
 * the library's own work.
 *
 * <p>The SQL is written out from {@code CombinedWriteSql}, {@code AcknowledgeSql}, {@code TableSql} and the numbered files of
 * storage-postgres; whoever changes it there has to change it here.
 */
public final class OurStatements implements EntryStore {

    public static final String NAME = "our statements, by a bare program";

    private static final int MOST = 64;
    private static final long EPOCH = 1;
    private static final long TERM = 1;

    private static final List<String> TABLES = List.of(
            "CREATE SEQUENCE versions",
            """
            ALTER TABLE entries
                ADD COLUMN version bigint NOT NULL DEFAULT nextval('versions'),
                ADD COLUMN place   bigint NOT NULL DEFAULT nextval('versions'),
                SET (toast_tuple_target = 8160)
            """,
            "CREATE INDEX entries_place ON entries (place)",
            """
            CREATE TABLE ledger (
                collection    text COLLATE "C" PRIMARY KEY,
                lineage       uuid        NOT NULL,
                epoch         bigint      NOT NULL,
                fork          text        NOT NULL,
                state         text        NOT NULL,
                confirmed     boolean     NOT NULL,
                mirroring     text        NOT NULL,
                term          bigint      NOT NULL,
                version_floor bigint      NOT NULL,
                highest_id    bigint      NOT NULL,
                last_apply    bigint      NOT NULL DEFAULT 0,
                seen_timeline text        NOT NULL,
                seen_version  bigint      NOT NULL,
                seen_token    text        NOT NULL,
                seen_time     timestamptz NOT NULL,
                token         text        NOT NULL,
                phase         text,
                lease_until   timestamptz
            ) WITH (fillfactor = 50)
            """,
            """
            INSERT INTO ledger VALUES ('entries', gen_random_uuid(), 1, 'fork', 'ACTIVE', true, 'ON', 1, 0, 0, 0,
                'timeline', 0, gen_random_uuid()::text, now(), gen_random_uuid()::text, 'DB_PRIMARY', now())
            """,
            """
            CREATE TABLE pending (
                collection text COLLATE "C" NOT NULL,
                id         text COLLATE "C" NOT NULL,
                version    bigint      NOT NULL,
                unit       bigint      NOT NULL,
                since      timestamptz NOT NULL,
                parked     text,
                PRIMARY KEY (collection, id)
            ) WITH (fillfactor = 50)
            """,
            "CREATE INDEX pending_since ON pending (collection, since)",
            "CREATE INDEX pending_unit ON pending (unit) WHERE unit <> 0");

    /** Parameters: arrays of ids, of locks and of bodies; epoch. */
    private static final String UPSERT = """
            WITH w AS (
                INSERT INTO entries AS r (id, body, version, place)
                SELECT n.id::bigint, n.body::json, n.v, n.v FROM (
                    SELECT a.id, a.body, nextval('versions') AS v
                    FROM ledger l, unnest(?::text[], ?::int[], ?::text[]) AS a (id, lock, body)
                    WHERE l.collection = 'entries' AND l.state = 'ACTIVE' AND l.confirmed AND l.epoch = ?
                    AND l.mirroring <> 'OFF' AND pg_try_advisory_xact_lock(1, a.lock) OFFSET 0) n
                ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body, version = EXCLUDED.version
                RETURNING r.id::text AS id, r.version AS v, r.place AS o),
            p AS (
                INSERT INTO pending AS q (collection, id, version, unit, since, parked)
                SELECT 'entries', w.id, w.v, 0, now(), NULL FROM w ORDER BY w.id
                ON CONFLICT (collection, id) DO UPDATE SET version = EXCLUDED.version,
                    unit = CASE WHEN q.parked IS NULL THEN q.unit ELSE 0 END, parked = NULL
                RETURNING q.id, q.unit)
            SELECT w.id, w.v, w.o, p.unit FROM w LEFT JOIN p ON p.id = w.id
            """;

    /** Parameters: epoch, term, arrays of ids and of versions. */
    private static final String ACKNOWLEDGE = """
            WITH l AS MATERIALIZED (
                SELECT epoch, term, state || ', epoch ' || epoch || ', term ' || term AS seen,
                    state = 'ACTIVE' AND epoch = ? AND term = ? AS open
                FROM ledger WHERE collection = 'entries'),
            s AS MATERIALIZED (
                SELECT q.id FROM l CROSS JOIN unnest(?::text[], ?::bigint[]) AS a (id, version)
                CROSS JOIN LATERAL (SELECT m.id FROM pending m WHERE m.collection = 'entries'
                    AND m.id = a.id AND m.version = a.version FOR UPDATE SKIP LOCKED) q
                WHERE l.open),
            done AS (
                DELETE FROM pending AS p WHERE p.collection = 'entries' AND p.id = ANY (ARRAY(SELECT s.id FROM s))
                RETURNING p.version),
            noted AS (
                UPDATE ledger AS g SET seen_version = m.version
                FROM l, (SELECT max(version) AS version FROM done) m
                WHERE l.open AND g.collection = 'entries' AND g.epoch = l.epoch AND g.term = l.term
                AND g.seen_timeline <> '' AND g.seen_version < m.version)
            SELECT l.seen, l.open, (SELECT count(*) FROM done) FROM l
            """;

    private record Mark(String id, long version) {}

    private final HikariDataSource pool;
    private final FollowingFile<Mark> file;
    private final Flusher<Row> flusher;

    private OurStatements(Path file, HikariDataSource pool) throws IOException {
        this.pool = pool;
        this.file = FollowingFile.open(file, this::acknowledge);
        this.flusher = new Flusher<>("our-statements", 1, MOST, this::saveAll);
    }

    public static OurStatements open(Path file, Database database) throws IOException, SQLException {
        HikariDataSource pool = DocumentTable.pool(database);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : TABLES) {
                statement.execute(sql);
            }
        }
        return new OurStatements(file, pool);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(List<Entry> entries) throws Exception {
        DocumentTable.load(pool, entries);
    }

    @Override
    public void save(Entry entry) throws Exception {
        flusher.submit(Row.of(entry));
    }

    private void saveAll(List<Row> rows) throws Exception {
        Map<String, String> last = new LinkedHashMap<>();
        rows.forEach(row -> last.put(Long.toString(row.id()), row.body()));
        List<Mark> marks = upsert(last);
        if (marks.size() != last.size()) {
            throw new IllegalStateException(marks.size() + " of " + last.size() + " records were written");
        }
        file.append(rows.stream().map(Row::bytes).toList(), marks);
    }

    private List<Mark> upsert(Map<String, String> bodies) throws SQLException {
        List<Mark> marks = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            upsert.setArray(1, connection.createArrayOf("text", bodies.keySet().toArray()));
            upsert.setArray(
                    2,
                    connection.createArrayOf(
                            "int4",
                            bodies.keySet().stream().map(String::hashCode).toArray()));
            upsert.setArray(3, connection.createArrayOf("text", bodies.values().toArray()));
            upsert.setLong(4, EPOCH);
            try (ResultSet row = upsert.executeQuery()) {
                while (row.next()) {
                    marks.add(new Mark(row.getString(1), row.getLong(2)));
                }
            }
        }
        return marks;
    }

    /** Planned each time, as the library does it: a plan that is kept was made for a table of another length. */
    private void acknowledge(List<Mark> marks) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement acknowledge = connection.prepareStatement(ACKNOWLEDGE)) {
            acknowledge.unwrap(PGStatement.class).setPrepareThreshold(0);
            acknowledge.setLong(1, EPOCH);
            acknowledge.setLong(2, TERM);
            acknowledge.setArray(
                    3,
                    connection.createArrayOf(
                            "text", marks.stream().map(Mark::id).toArray()));
            acknowledge.setArray(
                    4,
                    connection.createArrayOf(
                            "int8", marks.stream().map(Mark::version).toArray()));
            try (ResultSet row = acknowledge.executeQuery()) {
                if (!row.next() || !row.getBoolean(2)) {
                    throw new SQLException("The ledger is not as it was made");
                }
            }
        }
    }

    @Override
    public @Nullable Entry find(long id) {
        throw new UnsupportedOperationException("It only writes");
    }

    @Override
    public void close() throws IOException {
        flusher.close();
        try (pool) {
            file.close();
        }
    }
}
