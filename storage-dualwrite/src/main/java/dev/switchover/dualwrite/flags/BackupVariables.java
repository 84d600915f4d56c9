package dev.switchover.dualwrite.flags;

import dev.switchover.dualwrite.schedule.Schedule;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The {@code SWITCHOVER_} variables about backups. What is not set keeps what the builder was given.
 *
 * @param folder {@code SWITCHOVER_BACKUP_FOLDER}: where they go
 * @param encoding {@code SWITCHOVER_BACKUP_ENCODING}, {@code plain}, {@code gzip} or {@code base64}
 * @param beforeSwitchover {@code SWITCHOVER_BACKUP_BEFORE_SWITCHOVER}: whether one is made of the outgoing authority
 * @param emergencyFiles {@code SWITCHOVER_EMERGENCY_FILES}: whether a write that failed is saved aside
 * @param verifiedWrites {@code SWITCHOVER_VERIFIED_WRITES}: whether what was written is read back
 * @param schedule {@code SWITCHOVER_BACKUP_SCHEDULE}: when one is made by itself, as {@code daily@02:00}
 * @param afterWrites {@code SWITCHOVER_BACKUP_AFTER_WRITES}: each write is followed by one; the time between two at least
 * @param cleaning {@code SWITCHOVER_BACKUP_CLEAN}: whether old ones are removed when one that was made by itself is sound
 * @param keepDays {@code SWITCHOVER_BACKUP_KEEP_DAYS}
 * @param keepCount {@code SWITCHOVER_BACKUP_KEEP_COUNT}; with one of the two given, that one alone decides
 * @param command {@code SWITCHOVER_BACKUP_COMMAND}: run with the path of each finished backup as its last argument
 */
public record BackupVariables(
        Optional<String> folder,
        Optional<String> encoding,
        Optional<Boolean> beforeSwitchover,
        Optional<Boolean> emergencyFiles,
        Optional<Boolean> verifiedWrites,
        Optional<Schedule> schedule,
        Optional<Duration> afterWrites,
        Optional<Boolean> cleaning,
        OptionalInt keepDays,
        OptionalInt keepCount,
        Optional<String> command) {

    static final BackupVariables NONE = new BackupVariables(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty());

    static BackupVariables read(SettingsReader read) {
        Optional<Boolean> cleaning = read.yesOrNo("BACKUP_CLEAN");
        OptionalInt keepDays = read.count("BACKUP_KEEP_DAYS");
        OptionalInt keepCount = read.count("BACKUP_KEEP_COUNT");
        if ((keepDays.isPresent() || keepCount.isPresent()) && cleaning.isEmpty()) {
            read.problem(
                    "BACKUP_CLEAN",
                    "say whether older backups are removed by themselves (true or false), since it is said what is kept");
        }
        return new BackupVariables(
                read.text("BACKUP_FOLDER"),
                read.oneOf("BACKUP_ENCODING", Map.of("plain", "PLAIN", "gzip", "GZIP", "base64", "BASE64")),
                read.yesOrNo("BACKUP_BEFORE_SWITCHOVER"),
                read.yesOrNo("EMERGENCY_FILES"),
                read.yesOrNo("VERIFIED_WRITES"),
                read.parsed("BACKUP_SCHEDULE", Schedule::parse, "is no schedule; write " + Schedule.FORMS),
                read.duration("BACKUP_AFTER_WRITES"),
                cleaning,
                keepDays,
                keepCount,
                read.text("BACKUP_COMMAND"));
    }
}
