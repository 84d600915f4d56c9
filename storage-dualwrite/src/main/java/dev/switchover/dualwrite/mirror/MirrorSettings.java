package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.flags.MirrorMode;
import java.time.Duration;

/**
 * How a mirror works.
 *
 * @param timeout how long a synchronous write waits, at most and once
 * @param batchRecords how many records are applied in one step, about
 * @param batchBytes how many bytes of bodies are applied in one step, about
 * @param manyDiffer after how many ids of which hardly any is the same a comparison loads what the mirror lacks, instead of marking
 *     it
 * @param maxBackOff the longest pause between two attempts to reach a mirror that failed
 * @param pollInterval how often the pending set is looked at for marks nobody handed over
 * @param acknowledgeDelay how long what was applied may stay pending, so that many are acknowledged together; longer where
 *     acknowledging takes long
 * @param noteInterval how often the stores note each other's position
 * @param lease how long the worker counts as alive without a sign of life
 * @param quiesceDeadline how long a start waits for what an earlier worker left in flight
 * @param closeTimeout how long closing waits for what is pending
 */
public record MirrorSettings(
        MirrorMode mode,
        Duration timeout,
        int batchRecords,
        long batchBytes,
        int manyDiffer,
        Duration maxBackOff,
        Duration pollInterval,
        Duration acknowledgeDelay,
        Duration noteInterval,
        Duration lease,
        Duration quiesceDeadline,
        Duration closeTimeout) {

    public static final MirrorSettings DEFAULTS = new MirrorSettings(
            MirrorMode.SYNC,
            Duration.ofSeconds(2),
            500,
            4 << 20,
            4_000,
            Duration.ofSeconds(10),
            Duration.ofMillis(500),
            Duration.ofMillis(20),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10));

    public MirrorSettings withMode(MirrorMode newMode) {
        return new MirrorSettings(
                newMode,
                timeout,
                batchRecords,
                batchBytes,
                manyDiffer,
                maxBackOff,
                pollInterval,
                acknowledgeDelay,
                noteInterval,
                lease,
                quiesceDeadline,
                closeTimeout);
    }

    public MirrorSettings withTimeout(Duration newTimeout) {
        return new MirrorSettings(
                mode,
                newTimeout,
                batchRecords,
                batchBytes,
                manyDiffer,
                maxBackOff,
                pollInterval,
                acknowledgeDelay,
                noteInterval,
                lease,
                quiesceDeadline,
                closeTimeout);
    }

    public MirrorSettings withBatchRecords(int records) {
        return new MirrorSettings(
                mode,
                timeout,
                records,
                batchBytes,
                manyDiffer,
                maxBackOff,
                pollInterval,
                acknowledgeDelay,
                noteInterval,
                lease,
                quiesceDeadline,
                closeTimeout);
    }

    public MirrorSettings withManyDiffer(int ids) {
        return new MirrorSettings(
                mode,
                timeout,
                batchRecords,
                batchBytes,
                ids,
                maxBackOff,
                pollInterval,
                acknowledgeDelay,
                noteInterval,
                lease,
                quiesceDeadline,
                closeTimeout);
    }

    /** The pauses: of back-off, polling, and the noting of positions. */
    public MirrorSettings withPauses(Duration newMaxBackOff, Duration newPollInterval, Duration newNoteInterval) {
        return new MirrorSettings(
                mode,
                timeout,
                batchRecords,
                batchBytes,
                manyDiffer,
                newMaxBackOff,
                newPollInterval,
                acknowledgeDelay,
                newNoteInterval,
                lease,
                quiesceDeadline,
                closeTimeout);
    }

    public MirrorSettings withDeadlines(Duration newQuiesceDeadline, Duration newCloseTimeout) {
        return new MirrorSettings(
                mode,
                timeout,
                batchRecords,
                batchBytes,
                manyDiffer,
                maxBackOff,
                pollInterval,
                acknowledgeDelay,
                noteInterval,
                lease,
                newQuiesceDeadline,
                newCloseTimeout);
    }
}
