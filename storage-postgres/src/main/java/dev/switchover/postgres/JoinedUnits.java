package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which units of work share a record, so that their marks are taken together. A mark keeps the unit it was first set for, however
 * often it is replaced, and a unit that replaces marks of others is noted beside each of them. Notes are only added, so writers
 * wait for nobody here and two that replace marks of one unit at the same moment are both joined to it.
 *
 * <p>A note has done its work once nothing is pending of one of its two units: what was has been applied together with the other.
 * Thread-safe.
 */
final class JoinedUnits {

    private final Names names;
    /** Whether there may be notes; a belief that saves a round trip. */
    private volatile boolean some = true;

    JoinedUnits(Names names) {
        this.names = names;
    }

    /** Notes that these units of one write belong together. */
    void join(Connection connection, Collection<Long> units) throws SQLException {
        if (units.size() < 2) {
            return;
        }
        List<Long> one = new ArrayList<>();
        List<Long> other = new ArrayList<>();
        Iterator<Long> all = units.iterator();
        long first = all.next();
        while (all.hasNext()) {
            long next = all.next();
            one.addAll(List.of(first, next));
            other.addAll(List.of(next, first));
        }
        some = true;
        String sql = "INSERT INTO " + names.joined() + " (unit, other) SELECT * FROM unnest(?::bigint[], ?::bigint[])";
        Bind.update(connection, sql, Bind.Longs.of(one), Bind.Longs.of(other));
    }

    /**
     * Gives the marks of these units another one, however many they are; those that somebody is changing at this moment are only
     * joined. The last statements of their transaction: they lock marks without the locks of their ids, so nothing may be waited
     * for behind them.
     */
    void replace(Connection connection, Collection<Long> units, long unit) throws SQLException {
        if (units.stream().allMatch(older -> older == unit)) {
            return;
        }
        String sql =
                "UPDATE " + names.pending() + " AS j SET unit = ? FROM (SELECT collection, id FROM " + names.pending()
                        + " WHERE unit <> 0 AND unit = ANY (?::bigint[]) FOR UPDATE SKIP LOCKED) s"
                        + " WHERE j.collection = s.collection AND j.id = s.id";
        Bind.update(connection, sql, unit, Bind.Longs.of(List.copyOf(units)));
        Set<Long> all = new LinkedHashSet<>(List.of(unit));
        all.addAll(units);
        join(connection, all);
    }

    /**
     * These units, and those they are joined with, directly or over others, up to a bound: each with one of its number that stands
     * for all it is joined with.
     */
    Map<Long, Long> closure(Connection connection, Collection<Long> units, int most) throws SQLException {
        Map<Long, Long> closure = new HashMap<>();
        for (long unit : units) {
            closure.put(unit, unit);
        }
        String reached =
                "WITH RECURSIVE reached (unit) AS (SELECT unnest(?::bigint[]) UNION SELECT j.other FROM reached r"
                        + " JOIN " + names.joined() + " j ON j.unit = r.unit) SELECT unit FROM reached LIMIT ?";
        try (PreparedStatement statement =
                        Bind.all(connection.prepareStatement(reached), Bind.Longs.of(List.copyOf(units)), (long)
                                Math.max(units.size(), most));
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                closure.put(row.getLong(1), row.getLong(1));
            }
        }
        String notes = "SELECT unit, other FROM " + names.joined() + " WHERE unit = ANY (?::bigint[])";
        try (PreparedStatement statement =
                        Bind.all(connection.prepareStatement(notes), Bind.Longs.of(List.copyOf(closure.keySet())));
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                some = true;
                if (closure.containsKey(row.getLong(2))) {
                    closure.put(standingFor(closure, row.getLong(1)), standingFor(closure, row.getLong(2)));
                }
            }
        }
        closure.replaceAll((unit, unused) -> standingFor(closure, unit));
        return closure;
    }

    private static long standingFor(Map<Long, Long> closure, long unit) {
        long at = unit;
        for (long next = closure.getOrDefault(at, at); next != at; next = closure.getOrDefault(at, at)) {
            at = next;
        }
        closure.put(unit, at);
        return at;
    }

    /** Removes the notes that have done their work. Late or twice it does no harm. */
    void tidy(Database database) {
        if (!some) {
            return;
        }
        some = false;
        String nothingOf = "NOT EXISTS (SELECT 1 FROM " + names.pending() + " p WHERE p.unit <> 0 AND p.unit = j.";
        String sql = "WITH gone AS (DELETE FROM " + names.joined() + " j WHERE " + nothingOf + "unit) OR " + nothingOf
                + "other)) SELECT EXISTS (SELECT 1 FROM " + names.joined() + ")";
        some |= database.write(new Subject("pending", null), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        });
    }
}
