package dev.switchover.postgres;

import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A row of the ledger as an entry, and an entry as parameters. */
final class LedgerRow {

    static final String COLUMNS =
            "lineage, epoch, fork, state, confirmed, mirroring, term, seen_timeline, seen_version,"
                    + " seen_token, seen_time, token";
    static final int COUNT = 12;
    static final int CONTROL = 7;

    private LedgerRow() {}

    /** Of a row of {@link #COLUMNS}, then version, highest id, time and timeline. */
    static LedgerEntry entry(ResultSet row) throws SQLException {
        Position position = new Position(
                row.getString(COUNT + 4), row.getLong(COUNT + 1), row.getString(12), instant(row, COUNT + 3));
        Position seen = new Position(row.getString(8), row.getLong(9), row.getString(10), instant(row, 11));
        return new LedgerEntry(
                row.getObject(1, UUID.class),
                row.getLong(2),
                row.getString(3),
                State.valueOf(row.getString(4)),
                row.getBoolean(5),
                Mirroring.valueOf(row.getString(6)),
                row.getLong(7),
                position,
                seen,
                row.getLong(COUNT + 2));
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** Lineage, epoch, fork, state, confirmed, mirroring, term. */
    static List<Object> control(LedgerEntry entry) {
        return List.of(
                entry.lineage(),
                entry.epoch(),
                entry.fork(),
                entry.state().name(),
                entry.confirmed(),
                entry.mirroring().name(),
                entry.term());
    }

    /** The control fields, then the least version counter, the highest id and what was seen of the other store. */
    static List<Object> fields(LedgerEntry entry) {
        Position seen = entry.seen();
        List<Object> values = new ArrayList<>(control(entry));
        values.add(Math.max(entry.position().version(), seen.version()));
        values.add(entry.highestId());
        values.addAll(List.of(seen.timeline(), seen.version(), seen.token(), seen.time()));
        return values;
    }
}
