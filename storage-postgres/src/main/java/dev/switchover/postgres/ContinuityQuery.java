package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks a server, in one round trip, for what a process may know of it. Thread-safe. */
final class ContinuityQuery {

    private static final int COLUMNS_BEFORE = 3;
    private static final int COLUMNS_EACH = 3;

    private final Names names;
    private final Counters counters;
    private final Supplier<Tables> tables;
    private final Supplier<Capabilities> capabilities;

    ContinuityQuery(Names names, Supplier<Tables> tables, Supplier<Capabilities> capabilities) {
        this.names = names;
        this.counters = new Counters(names);
        this.tables = tables;
        this.capabilities = capabilities;
    }

    /** The physical history, and up to where it was durable; null where that cannot be read. */
    record Server(@Nullable String timeline, @Nullable Long wal) {

        /** Whether both are known, and this one's log is the shorter. */
        boolean endsBefore(Server other) {
            return wal != null && other.wal != null && wal < other.wal;
        }
    }

    /**
     * @param standby whether the server may be behind; then the rest says nothing
     * @param found for each of the facts, in order
     */
    record Answer(boolean standby, Server server, List<KnownHistory.Found> found) {}

    Answer ask(Connection connection, List<KnownHistory.Facts> all) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT current_setting('transaction_read_only'), ")
                .append(capabilities.get().timeline())
                .append(", ")
                .append(capabilities.get().durableWal());
        all.forEach(facts -> append(sql, facts));
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            bind(statement, all);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                List<KnownHistory.Found> found = new ArrayList<>();
                for (int i = 0; i < all.size(); i++) {
                    int column = COLUMNS_BEFORE + COLUMNS_EACH * i;
                    found.add(new KnownHistory.Found(
                            number(row, column + 1), row.getBoolean(column + 2), number(row, column + 3)));
                }
                return new Answer(row.getString(1).equals("on"), new Server(row.getString(2), number(row, 3)), found);
            }
        }
    }

    private static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    /** Counter, whether the token is known, and the version of the last record. */
    private void append(StringBuilder sql, KnownHistory.Facts facts) {
        CollectionSchema<?, ?> schema = facts.schema();
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
        KnownHistory.Put last = facts.last();
        if (last == null) {
            sql.append(", NULL::bigint");
        } else {
            RecordTable table = tables.get().of(schema, last.id()).shape();
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

    private void bind(PreparedStatement statement, List<KnownHistory.Facts> all) throws SQLException {
        int parameter = 1;
        for (KnownHistory.Facts facts : all) {
            statement.setString(parameter++, facts.token());
            statement.setString(parameter++, facts.token());
            KnownHistory.Put last = facts.last();
            if (last != null) {
                RecordTable table = tables.get().of(facts.schema(), last.id()).shape();
                statement.setString(parameter++, table.idParameter(last.id()));
            }
        }
    }
}
