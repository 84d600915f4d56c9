package dev.switchover.dualwrite.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * Where all instances keep what they know of their jobs, and the lease by which one of them runs a job. Thread-safe. Every call
 * throws {@link dev.switchover.storage.StoreUnavailableException} if it cannot be asked.
 */
public interface JobLedger {

    /** The job; made, as of {@code now}, if nobody has heard of it. */
    JobState read(String job, Instant now);

    /**
     * Takes the lease, if nobody has it and the job's token is still {@code token}.
     *
     * @return the lease's own token; empty if somebody was faster
     */
    OptionalLong take(String job, long token, Duration lease);

    /** @return whether the lease is still that of the token, and goes on */
    boolean renew(String job, long token, Duration lease);

    /** Notes that it ran for this slot, and lets go. @return false if the lease is somebody else's by now; then nothing is noted */
    boolean done(String job, long token, Instant slot, Instant at);

    /** Notes that it failed, and lets go. @return false if the lease is somebody else's by now; then nothing is noted */
    boolean failed(String job, long token, Instant at, String message);
}
