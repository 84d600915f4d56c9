package dev.switchover.postgres;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * What this process knows of the database's history, and whether the database still has it. A server that was put back to an
 * older copy, or a standby that was promoted without the last commits, has to be noticed before it acknowledges a write. So
 * every new connection is looked at before it is used for anything, in one round trip, and every write's version is compared
 * with what had been acknowledged before it began. Thread-safe.
 *
 * <p>A pooler between us and the server may keep the connection while it changes the server; then {@link #look}, which the watch
 * calls every second, and the versions of writes are what tells.
 */
final class Continuity {

    private final Names names;
    private final Counters counters;
    private final Supplier<Tables> tables;
    private final Supplier<Capabilities> capabilities;
    private final Map<CollectionSchema<?, ?>, Known> served = new ConcurrentHashMap<>();
    private final Set<PGConnection> lookedAt =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private volatile @Nullable Server server;

    Continuity(Names names, Supplier<Tables> tables, Supplier<Capabilities> capabilities) {
        this.names = names;
        this.counters = new Counters(names);
        this.tables = tables;
        this.capabilities = capabilities;
    }

    /** The physical history, and up to where it was durable; null where that cannot be read. */
    private record Server(
            @Nullable String timeline, @Nullable Long wal) {}

    /** The last record stored by this process, and its version. */
    private record Put(RecordId id, long version) {}

    /** Of one collection this process serves. */
    private static final class Known {
        private long counter;
        private long acknowledged;
        private String token = "";
        private @Nullable Put last;

        synchronized void saw(LedgerEntry entry) {
            counter = Math.max(counter, entry.position().version());
            token = entry.position().token();
        }

        synchronized void acknowledged(Written written, boolean ours) {
            if (written.version() > acknowledged) {
                acknowledged = written.version();
                counter = Math.max(counter, acknowledged);
                last = written.record() == null || !ours ? null : new Put(written.id(), written.version());
            }
        }

        synchronized long acknowledged() {
            return acknowledged;
        }

        synchronized Facts facts() {
            return new Facts(counter, token, last);
        }
    }

    private record Facts(
            long counter, String token, @Nullable Put last) {}

    /** From now on what this collection has may not get lost unnoticed. */
    void serves(CollectionSchema<?, ?> schema) {
        served.computeIfAbsent(schema, unused -> new Known());
    }

    /** What the ledger said, read from the server. */
    void saw(CollectionSchema<?, ?> schema, LedgerEntry entry) {
        Known known = served.get(schema);
        if (known != null) {
            known.saw(entry);
        }
    }

    /** The highest versions acknowledged before these writes; to be asked for before they begin. */
    long[] before(List<Write> writes) {
        long[] before = new long[writes.size()];
        for (int i = 0; i < before.length; i++) {
            before[i] = before(writes.get(i).schema());
        }
        return before;
    }

    /** The highest version acknowledged before writes to this collection; to be asked for before they begin. */
    long before(CollectionSchema<?, ?> schema) {
        Known known = served.get(schema);
        return known == null ? 0 : known.acknowledged();
    }

    /**
     * The writes are about to be acknowledged.
     *
     * @throws UnknownOutcomeException if a version was given a second time: the counter is that of an older copy
     */
    void acknowledge(long[] before, List<Written> written) {
        for (int i = 0; i < before.length; i++) {
            Written one = written.get(i);
            if (one.version() == 0) {
                continue;
            }
            if (one.version() <= before[i]) {
                lookedAt.clear();
                throw new UnknownOutcomeException(
                        "PostgreSQL went back in time: a write to "
                                + one.schema().name() + " got version "
                                + one.version() + ", but version " + before[i] + " was given before. The write went"
                                + " into an older copy. Stop, and restart when the right data are in place",
                        null);
            }
            Known known = served.get(one.schema());
            if (known != null) {
                // Others write to a table that is not ours, and what they put in place of a record has no version of
                // its own.
                boolean ours = tables.get().of(one.schema(), one.id()).shape().side() == null;
                known.acknowledged(one, ours);
            }
        }
    }

    /**
     * Looks at a connection that has not been looked at.
     *
     * @throws FencedException if the server lacks what this process has seen in it
     */
    void lookOnce(Connection connection) throws SQLException {
        if (served.isEmpty() || !connection.isWrapperFor(PGConnection.class)) {
            return;
        }
        PGConnection physical = connection.unwrap(PGConnection.class);
        if (!lookedAt.contains(physical) && look(connection)) {
            lookedAt.add(physical);
        }
    }

    /**
     * Asks the server, in one round trip.
     *
     * @return false if it is a standby, which may be behind
     * @throws FencedException if the server lacks what this process has seen in it
     */
    boolean look(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.setAutoCommit(true);
        }
        List<Map.Entry<CollectionSchema<?, ?>, Known>> collections = List.copyOf(served.entrySet());
        // All of it is read before the server is asked: what others see meanwhile is later than its answer.
        Server before = server;
        List<Facts> facts =
                collections.stream().map(entry -> entry.getValue().facts()).toList();
        StringBuilder sql = new StringBuilder("SELECT current_setting('transaction_read_only'), ")
                .append(capabilities.get().timeline())
                .append(", ")
                .append(capabilities.get().durableWal());
        for (int i = 0; i < collections.size(); i++) {
            append(sql, collections.get(i).getKey(), facts.get(i));
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            bind(statement, collections, facts);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getString(1).equals("on")) {
                    return false;
                }
                String timeline = row.getString(2);
                long wal = row.getLong(3);
                judge(before, new Server(timeline, row.wasNull() ? null : wal), row, collections, facts);
                return true;
            }
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState())) {
                throw wentBack(collections.get(0).getKey(), "a table is gone");
            }
            throw e;
        }
    }

    /** Counter, whether the token is known, and the version of the last record. */
    private void append(StringBuilder sql, CollectionSchema<?, ?> schema, Facts facts) {
        String collection = Names.literal(schema.name());
        sql.append(", (SELECT greatest(version_floor, ")
                .append(counters.lastVersion(schema))
                .append(") FROM ")
                .append(names.ledger())
                .append(" WHERE collection = ")
                .append(collection)
                .append("), EXISTS (SELECT 1 FROM ")
                .append(names.history())
                .append(" WHERE collection = ")
                .append(collection)
                .append(" AND token = ? UNION ALL SELECT 1 FROM ")
                .append(names.ledger())
                .append(" WHERE collection = ")
                .append(collection)
                .append(" AND token = ?)");
        if (facts.last == null) {
            sql.append(", NULL::bigint");
        } else {
            RecordTable table = tables.get().of(schema, facts.last.id).shape();
            sql.append(", (SELECT r.")
                    .append(RecordTable.VERSION)
                    .append(" FROM ")
                    .append(table.name())
                    .append(" r WHERE r.")
                    .append(table.idColumn())
                    .append(" = ?::")
                    .append(table.idType())
                    .append(')');
        }
    }

    private void bind(
            PreparedStatement statement, List<Map.Entry<CollectionSchema<?, ?>, Known>> collections, List<Facts> all)
            throws SQLException {
        int parameter = 1;
        for (int i = 0; i < all.size(); i++) {
            Facts facts = all.get(i);
            statement.setString(parameter++, facts.token);
            statement.setString(parameter++, facts.token);
            if (facts.last != null) {
                RecordTable table = tables.get()
                        .of(collections.get(i).getKey(), facts.last.id)
                        .shape();
                statement.setString(parameter++, table.idParameter(facts.last.id));
            }
        }
    }

    private void judge(
            @Nullable Server before,
            Server now,
            ResultSet row,
            List<Map.Entry<CollectionSchema<?, ?>, Known>> collections,
            List<Facts> all)
            throws SQLException {
        boolean sameTimeline = before == null || before.timeline == null || before.timeline.equals(now.timeline);
        for (int i = 0; i < all.size(); i++) {
            CollectionSchema<?, ?> schema = collections.get(i).getKey();
            Facts facts = all.get(i);
            int column = 4 + 3 * i;
            long counter = row.getLong(column);
            if (row.wasNull()) {
                throw wentBack(schema, "it has no ledger entry any more");
            }
            if (counter < facts.counter) {
                throw wentBack(schema, "its version counter says " + counter + ", it has been " + facts.counter);
            }
            if (!facts.token.isEmpty() && !row.getBoolean(column + 1)) {
                throw wentBack(schema, "its history lacks what this process has read in it");
            }
            Put last = facts.last;
            long stored = row.getLong(column + 2);
            boolean absent = row.wasNull();
            // Somebody else may have deleted it, which is told apart only where nothing newer is known of. A counter
            // may
            // have jumped over what was lost, so on a new timeline the last record is what decides.
            boolean lost =
                    last != null && (absent ? !sameTimeline && last.version == facts.counter : stored < last.version);
            if (lost) {
                throw wentBack(schema, "the last record written to it is not there");
            }
        }
        if (before != null
                && sameTimeline
                && before.wal != null
                && now.wal != null
                && now.wal < before.wal
                && !collections.isEmpty()) {
            throw wentBack(collections.get(0).getKey(), "its log ends before what was durable in it");
        }
        keep(now);
    }

    private synchronized void keep(Server now) {
        Server before = server;
        boolean further = before == null
                || before.wal == null
                || now.wal == null
                || !String.valueOf(before.timeline).equals(now.timeline)
                || now.wal > before.wal;
        if (further) {
            server = now;
        }
    }

    private static FencedException wentBack(CollectionSchema<?, ?> schema, String what) {
        return new FencedException(
                schema.name(),
                "PostgreSQL went back in time: " + what + " (" + schema.name() + "). Nothing was written. Stop, and"
                        + " restart when the right data are in place");
    }
}
