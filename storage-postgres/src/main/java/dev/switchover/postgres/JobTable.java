package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code switchover_job}: when each job ran last, and a lease so that one instance runs it. The lease's end is by the
 * server's clock; every other time is as it was given. Thread-safe.
 */
public final class JobTable {

    private static final String COLUMNS =
            "token, holder, lease_until > now(), since, done_slot, done_at, failed_at, failures, message";

    private final Database database;
    private final Names names;

    JobTable(Database database, Names names) {
        this.database = database;
        this.names = names;
    }

    /**
     * A job as it stands.
     *
     * @param token changes with each lease, and when it ends: what was decided by an older state is refused
     * @param leased whether somebody runs it
     * @param since when it was first heard of
     * @param doneSlot the newest moment of its schedule that it ran for, null if it never did
     * @param doneAt when that ended
     * @param failedAt when it failed last, null if it has not since it was done
     * @param failures how often in a row
     * @param message of the last failure
     */
    public record Job(
            long token,
            String holder,
            boolean leased,
            Instant since,
            @Nullable Instant doneSlot,
            @Nullable Instant doneAt,
            @Nullable Instant failedAt,
            int failures,
            String message) {}

    /** The job; made, as of {@code now}, if nobody has heard of it. */
    public Job read(String name, Instant now) {
        Subject subject = new Subject(name, null);
        Optional<Job> there = database.read(subject, connection -> find(connection, name));
        if (there.isPresent()) {
            return there.get();
        }
        String sql = "INSERT INTO " + table() + " (name, token, holder, since, failures, message)"
                + " VALUES (?, 0, '', ?, 0, '') ON CONFLICT (name) DO NOTHING";
        database.write(subject, connection -> Bind.update(connection, sql, name, now));
        return database.read(subject, connection -> find(connection, name)).orElseThrow();
    }

    /** The job, or empty if nobody has heard of it. */
    public Optional<Job> find(String name) {
        return database.read(
                new Subject(name, null),
                connection -> OwnTables.exists(connection, table()) ? find(connection, name) : Optional.empty());
    }

    private Optional<Job> find(Connection connection, String name) throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM " + table() + " WHERE name = ?";
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), name);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new Job(
                    row.getLong(1),
                    row.getString(2),
                    row.getBoolean(3),
                    row.getObject(4, OffsetDateTime.class).toInstant(),
                    instant(row, 5),
                    instant(row, 6),
                    instant(row, 7),
                    row.getInt(8),
                    row.getString(9)));
        }
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /**
     * Takes the lease, unless somebody has it or the job is not as it was read.
     *
     * @param read the token it had when it was read: what was decided then still holds
     * @return the lease's token; empty if somebody was faster
     */
    public OptionalLong take(String name, long read, String holder, Duration lease) {
        String sql =
                "UPDATE " + table() + " SET token = token + 1, holder = ?, lease_until = now() + ? * interval '1 ms'"
                        + " WHERE name = ? AND token = ? AND (lease_until IS NULL OR lease_until <= now())";
        int changed = database.write(
                new Subject(name, null),
                connection -> Bind.update(connection, sql, holder, lease.toMillis(), name, read));
        return changed == 1 ? OptionalLong.of(read + 1) : OptionalLong.empty();
    }

    /** @return whether the lease is still that of the token, and goes on for this long from now */
    public boolean renew(String name, long token, Duration lease) {
        String sql = "UPDATE " + table() + " SET lease_until = now() + ? * interval '1 ms'"
                + " WHERE name = ? AND token = ? AND lease_until IS NOT NULL";
        return 1
                == database.write(
                        new Subject(name, null),
                        connection -> Bind.update(connection, sql, lease.toMillis(), name, token));
    }

    /** Notes that the job ran for this moment, and lets go of the lease. @return false if the lease is somebody else's by now */
    public boolean done(String name, long token, Instant slot, Instant at) {
        String sql = "UPDATE " + table()
                + " SET token = token + 1, done_slot = ?, done_at = ?, failed_at = NULL, failures = 0, message = '',"
                + " lease_until = NULL WHERE name = ? AND token = ?";
        return 1
                == database.write(
                        new Subject(name, null), connection -> Bind.update(connection, sql, slot, at, name, token));
    }

    /** Notes that it failed, and lets go of the lease. @return false if the lease is somebody else's by now */
    public boolean failed(String name, long token, Instant at, String message) {
        String sql = "UPDATE " + table()
                + " SET token = token + 1, failed_at = ?, failures = failures + 1, message = ?, lease_until = NULL"
                + " WHERE name = ? AND token = ?";
        return 1
                == database.write(
                        new Subject(name, null), connection -> Bind.update(connection, sql, at, message, name, token));
    }

    private String table() {
        return names.own("switchover_job");
    }
}
