package dev.switchover.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * What this server can do beyond the SQL that every PostgreSQL-compatible one understands, and how far away it is. Found out by
 * trying, on each {@link PostgresStore#prepare}.
 *
 * @param transactionStatus whether it can be asked what became of a transaction
 * @param advisoryLocks whether it has advisory locks
 * @param timeline SQL for the physical history it is on, as text
 * @param durableWal SQL for how far its log is durable, as a number; null where that cannot be read
 * @param roundTrip of one statement, the best of a few
 */
record Capabilities(
        boolean transactionStatus, boolean advisoryLocks, String timeline, String durableWal, Duration roundTrip) {

    private static final String NO_WAL = "NULL::bigint";

    private static final String WAL =
            "(CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_flush_lsn() - '0/0'::pg_lsn END)::bigint";

    /** Before anything is known. */
    static final Capabilities NONE =
            new Capabilities(false, true, "'unknown'", NO_WAL, ChronoUnit.FOREVER.getDuration());

    /** The first ones run code nobody has run before. */
    private static final int ROUND_TRIPS = 20;

    private static final long ROUND_TRIPS_NANOS = 5_000_000;

    private static final String WAL_TIMELINE = "substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)";

    /** SQL for what a transaction is called afterwards: its id, and the timeline that id belongs to. */
    private static final String TRANSACTION = "pg_current_xact_id()::text || '/' || " + WAL_TIMELINE;

    /** SQL, of type text, for the present transaction's name; null where the server cannot be asked about it. */
    String transactionName() {
        return transactionStatus ? TRANSACTION : "NULL::text";
    }

    /** Asks for the name of the transaction under way, where there is one. */
    void name(Connection connection, Transaction transaction) throws SQLException {
        if (!transactionStatus) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + TRANSACTION);
                ResultSet row = statement.executeQuery()) {
            row.next();
            transaction.known(row.getString(1));
        }
    }

    static Capabilities of(Connection connection) throws SQLException {
        boolean status = works(connection, "SELECT pg_xact_status(pg_current_xact_id()), " + TRANSACTION);
        boolean advisory = works(connection, "SELECT pg_advisory_xact_lock(0, 0)");
        String identifier = works(connection, "SELECT system_identifier FROM pg_control_system()")
                ? "(SELECT system_identifier::text FROM pg_control_system())"
                : "(SELECT 'oid' || oid::text FROM pg_database WHERE datname = current_database())";
        String timeline = works(connection, "SELECT " + WAL_TIMELINE) ? WAL_TIMELINE : "'1'";
        String wal = works(connection, "SELECT " + WAL) ? WAL : NO_WAL;
        return new Capabilities(status, advisory, identifier + " || '/' || " + timeline, wal, roundTrip(connection));
    }

    static Duration roundTrip(Connection connection) throws SQLException {
        long best = Long.MAX_VALUE;
        long begin = System.nanoTime();
        try (PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
            long sent = begin;
            for (int i = 0; i < ROUND_TRIPS && sent - begin < ROUND_TRIPS_NANOS; i++) {
                statement.executeQuery().close();
                long answered = System.nanoTime();
                best = Math.min(best, answered - sent);
                sent = answered;
            }
        }
        return Duration.ofNanos(best);
    }

    private static boolean works(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            return row.next();
        } catch (SQLException e) {
            SqlFailure failure = SqlFailure.of(e);
            if (failure.kind() == SqlFailure.Kind.REFUSED || "0A000".equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** What became of a transaction. */
    enum Outcome {
        COMMITTED,
        ABORTED,
        IN_PROGRESS,
        UNKNOWN
    }

    /** @param name as {@link #transactionName} gave it */
    static Outcome outcome(Connection connection, String name) throws SQLException {
        int slash = name.indexOf('/');
        try (PreparedStatement statement = connection.prepareStatement("SELECT CASE WHEN " + WAL_TIMELINE
                + " = ? THEN pg_xact_status(?::xid8) END, current_setting('transaction_read_only')")) {
            // After a failover the number may have been given to another transaction.
            statement.setString(1, name.substring(slash + 1));
            statement.setObject(2, name.substring(0, slash), java.sql.Types.OTHER);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String status = row.getString(1);
                return status == null
                        ? Outcome.UNKNOWN
                        : switch (status) {
                            case "committed" -> Outcome.COMMITTED;
                            case "aborted" -> Outcome.ABORTED;
                            case "in progress" -> Outcome.IN_PROGRESS;
                            default -> Outcome.UNKNOWN;
                        };
            }
        }
    }
}
