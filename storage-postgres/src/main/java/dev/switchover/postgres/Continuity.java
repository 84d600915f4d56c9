package dev.switchover.postgres;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.sql.Connection;
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

    private final ContinuityQuery query;
    private final Supplier<Tables> tables;
    private final Map<CollectionSchema<?, ?>, KnownHistory> served = new ConcurrentHashMap<>();
    private final Set<PGConnection> lookedAt =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private volatile ContinuityQuery.@Nullable Server server;

    Continuity(Names names, Supplier<Tables> tables, Supplier<Capabilities> capabilities) {
        this.query = new ContinuityQuery(names, tables, capabilities);
        this.tables = tables;
    }

    /** From now on what this collection has may not get lost unnoticed. */
    void serves(CollectionSchema<?, ?> schema) {
        served.computeIfAbsent(schema, KnownHistory::new);
    }

    /** What the ledger said, read from the server. */
    void saw(CollectionSchema<?, ?> schema, LedgerEntry entry) {
        KnownHistory known = served.get(schema);
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
        KnownHistory known = served.get(schema);
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
            KnownHistory known = served.get(one.schema());
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
        List<KnownHistory> histories = List.copyOf(served.values());
        // All of it is read before the server is asked: what others see meanwhile is later than its answer.
        ContinuityQuery.Server before = server;
        List<KnownHistory.Facts> facts =
                histories.stream().map(KnownHistory::facts).toList();
        ContinuityQuery.Answer answer;
        try {
            answer = query.ask(connection, facts);
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState())) {
                throw wentBack(facts.get(0).schema(), "a table is gone");
            }
            throw e;
        }
        if (answer.standby()) {
            return false;
        }
        judge(before, answer, facts);
        return true;
    }

    private void judge(
            ContinuityQuery.@Nullable Server before, ContinuityQuery.Answer answer, List<KnownHistory.Facts> all) {
        ContinuityQuery.Server now = answer.server();
        boolean sameTimeline =
                before == null || before.timeline() == null || before.timeline().equals(now.timeline());
        for (int i = 0; i < all.size(); i++) {
            String lost = all.get(i).lostIn(answer.found().get(i), sameTimeline);
            if (lost != null) {
                throw wentBack(all.get(i).schema(), lost);
            }
        }
        if (before != null && sameTimeline && now.endsBefore(before) && !all.isEmpty()) {
            throw wentBack(all.get(0).schema(), "its log ends before what was durable in it");
        }
        keep(now);
    }

    private synchronized void keep(ContinuityQuery.Server now) {
        ContinuityQuery.Server before = server;
        boolean further =
                before == null || !String.valueOf(before.timeline()).equals(now.timeline()) || !now.endsBefore(before);
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
