package dev.switchover.json;

import dev.switchover.json.recovery.CollidingEdits;
import dev.switchover.storage.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a JSON store works. Immutable; each {@code with} method returns a changed copy.
 *
 * @param directory where the files are; it is created if it does not exist
 * @param checkpointDelay how long after a change its file is written, where the file is small; 1 s by default
 * @param maximumStaleness how old a file may become; 30 s by default. Between the two, the delay grows with the time a
 *     checkpoint takes, so that checkpoints take at most a tenth of the time
 * @param journalLimit bytes of journal after which files are written at once; 64 MiB by default
 * @param deadline how long a call waits for the disk at most; 10 s by default
 * @param collidingEdits what a start does with records that were edited by hand after a crash although the journal has
 *     newer versions of them; it refuses by default
 * @param trustFileSystem whether a directory on a network file system is written to; not by default
 */
public record JsonSettings(
        Path directory,
        Duration checkpointDelay,
        Duration maximumStaleness,
        long journalLimit,
        Duration deadline,
        CollidingEdits collidingEdits,
        boolean trustFileSystem) {

    /** @throws ConfigurationException with every problem found */
    public JsonSettings {
        List<String> problems = new ArrayList<>();
        positive(problems, "checkpointDelay", checkpointDelay);
        positive(problems, "maximumStaleness", maximumStaleness);
        positive(problems, "deadline", deadline);
        if (maximumStaleness.compareTo(checkpointDelay) < 0) {
            problems.add("maximumStaleness (" + maximumStaleness + ") must not be below checkpointDelay ("
                    + checkpointDelay + ")");
        }
        if (journalLimit < 1 << 16) {
            problems.add("journalLimit must be at least 65536 bytes: " + journalLimit);
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    /** The defaults. */
    public static JsonSettings of(Path directory) {
        return new JsonSettings(
                directory,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                64L << 20,
                Duration.ofSeconds(10),
                CollidingEdits.REFUSE,
                false);
    }

    public JsonSettings withCheckpointDelay(Duration delay) {
        return new JsonSettings(
                directory, delay, maximumStaleness, journalLimit, deadline, collidingEdits, trustFileSystem);
    }

    public JsonSettings withMaximumStaleness(Duration staleness) {
        return new JsonSettings(
                directory, checkpointDelay, staleness, journalLimit, deadline, collidingEdits, trustFileSystem);
    }

    public JsonSettings withJournalLimit(long bytes) {
        return new JsonSettings(
                directory, checkpointDelay, maximumStaleness, bytes, deadline, collidingEdits, trustFileSystem);
    }

    public JsonSettings withDeadline(Duration newDeadline) {
        return new JsonSettings(
                directory,
                checkpointDelay,
                maximumStaleness,
                journalLimit,
                newDeadline,
                collidingEdits,
                trustFileSystem);
    }

    public JsonSettings withCollidingEdits(CollidingEdits decision) {
        return new JsonSettings(
                directory, checkpointDelay, maximumStaleness, journalLimit, deadline, decision, trustFileSystem);
    }

    public JsonSettings withTrustFileSystem(boolean trust) {
        return new JsonSettings(
                directory, checkpointDelay, maximumStaleness, journalLimit, deadline, collidingEdits, trust);
    }

    private static void positive(List<String> problems, String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(365)) > 0) {
            problems.add(name + " must be between 1 ns and 365 days: " + value);
        }
    }
}
