package dev.switchover.dualwrite.schedule;

import dev.switchover.postgres.JobTable;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/** Jobs in the database that all instances share. Thread-safe. */
public record DatabaseJobs(JobTable table, String holder) implements JobLedger {

    @Override
    public JobState read(String job, Instant now) {
        JobTable.Job row = table.read(job, now);
        return new JobState(
                row.token(), row.since(), row.doneSlot(), row.doneAt(), row.failedAt(), row.failures(), row.message());
    }

    @Override
    public OptionalLong take(String job, long token, Duration lease) {
        return table.take(job, token, holder, lease);
    }

    @Override
    public boolean renew(String job, long token, Duration lease) {
        return table.renew(job, token, lease);
    }

    @Override
    public boolean done(String job, long token, Instant slot, Instant at) {
        return table.done(job, token, slot, at);
    }

    @Override
    public boolean failed(String job, long token, Instant at, String message) {
        return table.failed(job, token, at, message);
    }
}
