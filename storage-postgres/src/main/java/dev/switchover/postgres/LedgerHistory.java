package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Token;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rows of the history: every change of the ledger, for good, and the newest tokens. Thread-safe. */
final class LedgerHistory {

    private static final int FORGET_EVERY = 100;

    private final Names names;
    private final Supplier<Capabilities> capabilities;

    LedgerHistory(Names names, Supplier<Capabilities> capabilities) {
        this.names = names;
        this.capabilities = capabilities;
    }

    void add(
            Connection connection,
            CollectionSchema<?, ?> schema,
            LedgerEntry entry,
            String reason,
            Transaction transaction)
            throws SQLException {
        insert(connection, schema, entry, reason, "", transaction);
    }

    /** Writes the next token down, also as the newest in the ledger, and returns it. */
    String addToken(Connection connection, CollectionSchema<?, ?> schema, Transaction transaction) throws SQLException {
        String token = Token.after(lastToken(connection, schema, " FOR UPDATE"));
        insert(connection, schema, null, "position noted", token, transaction);
        Bind.update(
                connection, "UPDATE " + names.ledger() + " SET token = ? WHERE collection = ?", token, schema.name());
        forgetOld(connection, schema, token);
        return token;
    }

    boolean remembers(Connection connection, CollectionSchema<?, ?> schema, String token) throws SQLException {
        String sql = "SELECT 1 FROM " + names.history() + " WHERE collection = ? AND token = ?";
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), schema.name(), token);
                ResultSet row = statement.executeQuery()) {
            return row.next() || Token.isForgotten(token, lastToken(connection, schema, ""));
        }
    }

    private void insert(
            Connection connection,
            CollectionSchema<?, ?> schema,
            @Nullable LedgerEntry entry,
            String reason,
            String token,
            Transaction transaction)
            throws SQLException {
        String sql =
                "INSERT INTO " + names.history() + " (collection, at, host, pid, reason, token, lineage, epoch, fork,"
                        + " state, confirmed, mirroring, term) VALUES (?, now(), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " RETURNING " + capabilities.get().transactionName();
        List<@Nullable Object> values =
                new ArrayList<>(List.of(schema.name(), ThisProcess.HOST, ThisProcess.PID, reason, token));
        values.addAll(entry == null ? Collections.nCopies(LedgerRow.CONTROL, null) : LedgerRow.control(entry));
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), values);
                ResultSet row = statement.executeQuery()) {
            row.next();
            transaction.known(row.getString(1));
        }
    }

    private String lastToken(Connection connection, CollectionSchema<?, ?> schema, String lock) throws SQLException {
        String sql = "SELECT token FROM " + names.ledger() + " WHERE collection = ?" + lock;
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), schema.name());
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getString(1) : "";
        }
    }

    /** From time to time, for it reads all that are kept. */
    private void forgetOld(Connection connection, CollectionSchema<?, ?> schema, String newest) throws SQLException {
        if (Token.number(newest) % FORGET_EVERY == 0) {
            String history = names.history();
            Bind.update(
                    connection,
                    "DELETE FROM " + history + " WHERE collection = ? AND token <> '' AND id <= (SELECT id FROM "
                            + history + " WHERE collection = ? AND token <> '' ORDER BY id DESC OFFSET " + Token.KEPT
                            + " LIMIT 1)",
                    schema.name(),
                    schema.name());
        }
    }
}
