package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.spi.MirrorChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * An apply of many records the table does not have yet, through {@code COPY}: one transaction, let in by the ledger as any apply
 * is, whose row it holds to its end. Guarded by the turn of {@link PostgresMirror}.
 */
final class MirrorCopy {

    private static final int WORTHWHILE = 1_000;
    private static final int PROBES = 16;
    private static final int PASSED_OVER = 20;

    private final Database database;
    /** How many applies go another way, after one was begun that met a record of its ids. */
    private int passedOver;

    MirrorCopy(Database database) {
        this.database = database;
    }

    /** Whether to try: a table that is not ours may have triggers and keys of its own. */
    boolean suits(List<MirrorGroup> groups) {
        RecordTable table = groups.get(0).table();
        int size = 0;
        for (MirrorGroup group : groups) {
            if (group.table() != table || table.side() != null || table.envelope()) {
                return false;
            }
            size += group.changes().size();
        }
        if (size < WORTHWHILE
                || groups.stream()
                        .flatMap(group -> group.changes().stream())
                        .anyMatch(change -> change.record() == null)) {
            return false;
        }
        if (passedOver > 0) {
            passedOver--;
            return false;
        }
        return true;
    }

    /** @return false if the table has some of them: then nothing was changed */
    boolean apply(MirrorGroup group, long number, long before) {
        RecordTable table = group.table();
        boolean copied = database.write(new Subject(table.schema().name(), null), connection -> {
            try {
                return Transaction.writing("").run(connection, open -> {
                    requireOpen(open, group, number, before);
                    if (hasSome(open, group)) {
                        throw new SQLException("Some of the records are there already", "23505");
                    }
                    CopyRows.send(open, table, group.changes());
                    return true;
                });
            } catch (SQLException e) {
                if ("23505".equals(e.getSQLState())) {
                    return false;
                }
                throw e;
            }
        });
        passedOver = copied ? 0 : PASSED_OVER;
        return copied;
    }

    static void requireOpen(Connection connection, MirrorGroup group, long number, long before) throws SQLException {
        try (PreparedStatement statement =
                        Bind.all(connection.prepareStatement(group.open()), group.openingParameters(number, before));
                ResultSet row = statement.executeQuery()) {
            PostgresMirror.requireOpen(group, row, before);
        }
    }

    /** Looks for a few of them, so that the server seldom has to refuse, and to log, what was meant well. */
    static boolean hasSome(Connection connection, MirrorGroup group) throws SQLException {
        RecordTable table = group.table();
        List<MirrorChange> changes = group.changes();
        List<String> some = new ArrayList<>();
        for (int i = 0; i < PROBES; i++) {
            int at = (int) ((long) i * (changes.size() - 1) / (PROBES - 1));
            some.add(table.idParameter(changes.get(at).id()));
        }
        String sql = "SELECT EXISTS (SELECT 1 FROM " + table.name() + " WHERE " + table.idColumn()
                + " = ANY (?::text[]::" + table.idType() + "[]))";
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), Bind.Texts.of(some));
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }
}
