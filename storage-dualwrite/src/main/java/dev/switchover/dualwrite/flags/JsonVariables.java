package dev.switchover.dualwrite.flags;

import dev.switchover.json.JsonSettings;
import dev.switchover.json.recovery.CollidingEdits;
import dev.switchover.storage.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The {@code SWITCHOVER_} variables about the JSON store. What is not set keeps what the builder was given.
 *
 * @param checkpointDelay {@code SWITCHOVER_CHECKPOINT_DELAY}: how long after a change a small file is written
 * @param maximumStaleness {@code SWITCHOVER_MAXIMUM_STALENESS}: how old a file may become
 * @param journalLimit {@code SWITCHOVER_JOURNAL_LIMIT}: bytes of journal after which files are written at once
 * @param deadline {@code SWITCHOVER_DISK_TIMEOUT}: how long a call waits for the disk
 * @param collidingEdits {@code SWITCHOVER_COLLIDING_EDITS}, {@code refuse}, {@code file} or {@code journal}: which version
 *     counts where a file was edited by hand while newer writes were still in the journal
 * @param trustFileSystem {@code SWITCHOVER_TRUST_FILE_SYSTEM}: whether a network file system is written to
 */
public record JsonVariables(
        Optional<Duration> checkpointDelay,
        Optional<Duration> maximumStaleness,
        OptionalLong journalLimit,
        Optional<Duration> deadline,
        Optional<CollidingEdits> collidingEdits,
        Optional<Boolean> trustFileSystem) {

    static final JsonVariables NONE = new JsonVariables(
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    static JsonVariables read(SettingsReader read) {
        return new JsonVariables(
                read.duration("CHECKPOINT_DELAY"),
                read.duration("MAXIMUM_STALENESS"),
                read.bytes("JOURNAL_LIMIT"),
                read.duration("DISK_TIMEOUT"),
                read.choice("COLLIDING_EDITS", CollidingEdits.values()),
                read.yesOrNo("TRUST_FILE_SYSTEM"));
    }

    /** @throws ConfigurationException if the values do not go together, naming the variables */
    public JsonSettings applyTo(Path directory, JsonSettings base) {
        try {
            return new JsonSettings(
                    directory,
                    checkpointDelay.orElse(base.checkpointDelay()),
                    maximumStaleness.orElse(base.maximumStaleness()),
                    journalLimit.orElse(base.journalLimit()),
                    deadline.orElse(base.deadline()),
                    collidingEdits.orElse(base.collidingEdits()),
                    trustFileSystem.orElse(base.trustFileSystem()));
        } catch (ConfigurationException e) {
            List<String> problems = e.problems().stream()
                    .map(problem -> problem + "; see SWITCHOVER_CHECKPOINT_DELAY, SWITCHOVER_MAXIMUM_STALENESS,"
                            + " SWITCHOVER_JOURNAL_LIMIT and SWITCHOVER_DISK_TIMEOUT")
                    .toList();
            throw new ConfigurationException(problems);
        }
    }
}
