package dev.switchover.postgres;

import dev.switchover.storage.StartRefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a session is what the store's promises need. Says each warning once. Thread-safe. */
final class SessionCheck {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.postgres");

    private final Set<String> warned = ConcurrentHashMap.newKeySet();

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

    static SQLException takesNoWrites() {
        return new SQLException("The server takes no writes", "25006");
    }

    /** What start-up options set, and what a pooler or a role may have set otherwise. */
    void check(Connection connection) throws SQLException {
        String sql = "SELECT current_setting('transaction_isolation'), current_setting('synchronous_commit'),"
                + " current_setting('statement_timeout'), current_setting('server_encoding'),"
                + " current_setting('transaction_read_only'), current_setting('extra_float_digits')::int";
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
            if (row.getInt(6) < 1) {
                throw new StartRefusedException(
                        "FLOAT-DIGITS",
                        "The connection's extra_float_digits is " + row.getInt(6)
                                + "; a number in double precision would come back rounded",
                        "Set extra_float_digits to 1 for Switchover's role");
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
