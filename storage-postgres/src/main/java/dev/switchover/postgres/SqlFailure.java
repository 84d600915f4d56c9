package dev.switchover.postgres;

import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What went wrong in the database, told by SQLSTATE and type. The messages of server, driver and JDBI quote values and
 * statements; none of them is passed on.
 *
 * @param reason in words, with the SQLSTATE where there is one
 * @param cause without the original's message
 */
record SqlFailure(Kind kind, String reason, SQLException cause) {

    enum Kind {
        /** Rolled back by the server; the same may succeed at once. */
        TRANSIENT,
        /** Rolled back, or never begun, for lack of connection, time or room. */
        UNAVAILABLE,
        /** The connection was lost while the server may have been at work. */
        LOST,
        /** The server takes this record, or this statement, never. */
        REFUSED
    }

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("0A000", "the table was changed meanwhile"),
            Map.entry("25006", "the server is read-only, perhaps a standby"),
            Map.entry("28000", "the login was refused"),
            Map.entry("28P01", "user or password are wrong"),
            Map.entry("3D000", "there is no such database"),
            Map.entry("40001", "transactions collided"),
            Map.entry("40P01", "transactions blocked each other"),
            Map.entry("42501", "the user lacks a permission"),
            Map.entry("42P01", "a table is missing"),
            Map.entry("42703", "a column is missing"),
            Map.entry("53100", "the server's disk is full"),
            Map.entry("53200", "the server is out of memory"),
            Map.entry("53300", "the server has no connection left"),
            Map.entry("55P03", "a lock was not to be had in time"),
            Map.entry("57014", "the statement took longer than its timeout"),
            Map.entry("57P01", "the server ended the connection"),
            Map.entry("57P02", "the server crashed"),
            Map.entry("57P03", "the server is starting or stopping"),
            Map.entry("22001", "a value is too long"),
            Map.entry("22003", "a number is out of range"),
            Map.entry("22P02", "a value does not fit its type"),
            Map.entry("22P05", "a character cannot be held"),
            Map.entry("23502", "a column must not be null"),
            Map.entry("23503", "a foreign key does not hold"),
            Map.entry("23505", "a unique constraint does not hold"),
            Map.entry("23514", "a check constraint does not hold"));

    static SqlFailure of(SQLException failure) {
        String state = state(failure);
        ServerErrorMessage answer = serverAnswer(failure);
        Kind kind = kind(state, answer != null);
        String reason =
                kind == Kind.LOST || answer == null ? connectionReason(failure, state) : serverReason(state, answer);
        return new SqlFailure(kind, reason, withoutMessage(failure, state));
    }

    /** Of a failure to get a connection: whatever it was, nothing has been sent. */
    static SqlFailure connecting(SQLException failure) {
        String state = state(failure);
        ServerErrorMessage answer = serverAnswer(failure);
        String reason = answer == null ? connectionReason(failure, state) : serverReason(state, answer);
        return new SqlFailure(Kind.UNAVAILABLE, reason, withoutMessage(failure, state));
    }

    /** @param repeatable whether it may be done twice */
    StorageException exception(Database.Subject subject, boolean repeatable) {
        return switch (kind) {
            case REFUSED -> new RecordRefusedException(subject.collection(), subject.id(), reason, cause);
            case LOST -> repeatable ? unavailable(subject) : unknown(subject);
            case TRANSIENT, UNAVAILABLE -> unavailable(subject);
        };
    }

    private StorageException unavailable(Database.Subject subject) {
        return new StoreUnavailableException(
                Store.POSTGRESQL, "PostgreSQL did not do it for " + subject.collection(), reason, cause);
    }

    private StorageException unknown(Database.Subject subject) {
        return new UnknownOutcomeException(
                "PostgreSQL was lost while it wrote to " + subject.collection() + ": " + reason
                        + ". Read the record to find out whether it was written",
                cause);
    }

    private static Kind kind(String state, boolean answered) {
        if (state.equals("40003")) {
            return Kind.LOST;
        }
        // Of 53200 it is this process that had no memory for the answer.
        if (!answered
                && (state.startsWith("08") || state.startsWith("57P") || state.equals("53200") || state.isEmpty())) {
            return Kind.LOST;
        }
        return switch (state) {
            case "40001", "40P01", "55P03", "0A000" -> Kind.TRANSIENT;
            case "25006" -> Kind.UNAVAILABLE;
            default ->
                switch (state.length() < 2 ? "" : state.substring(0, 2)) {
                    case "22", "23", "42", "54", "P0" -> Kind.REFUSED;
                    default -> Kind.UNAVAILABLE;
                };
        };
    }

    private static String serverReason(String state, ServerErrorMessage answer) {
        StringBuilder reason = new StringBuilder(WORDS.getOrDefault(state, "the server reported an error"));
        if (answer.getConstraint() != null) {
            reason.append(", ").append(answer.getConstraint());
        } else if (answer.getColumn() != null) {
            reason.append(", column ").append(answer.getColumn());
        }
        return reason.append(" (SQLSTATE ").append(state).append(')').toString();
    }

    private static String connectionReason(SQLException failure, String state) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return "connection refused";
            } else if (cause instanceof UnknownHostException) {
                return "host not found";
            } else if (cause instanceof NoRouteToHostException) {
                return "no route to host";
            } else if (cause instanceof SocketTimeoutException) {
                return "no answer in time";
            } else if (cause instanceof InterruptedException) {
                return "the caller was interrupted";
            } else if (cause instanceof IOException) {
                return "connection lost";
            }
        }
        String known = WORDS.get(state);
        if (known != null) {
            return known + " (SQLSTATE " + state + ")";
        }
        return state.isEmpty() ? "no connection in time" : "no connection (SQLSTATE " + state + ")";
    }

    private static String state(SQLException failure) {
        String found = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                found = sql.getSQLState();
                if (cause instanceof PSQLException) {
                    break;
                }
            }
        }
        return found;
    }

    private static @Nullable ServerErrorMessage serverAnswer(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException sql && sql.getServerErrorMessage() != null) {
                return sql.getServerErrorMessage();
            }
        }
        return null;
    }

    private static SQLException withoutMessage(SQLException failure, String state) {
        SQLException clean = new SQLException(state.isEmpty() ? "no SQLSTATE" : "SQLSTATE " + state, state);
        clean.setStackTrace(failure.getStackTrace());
        return clean;
    }
}
