package dev.switchover.dualwrite.flags;

import java.util.Map;
import java.util.Optional;

/**
 * The {@code SWITCHOVER_} variables about backups. What is not set keeps what the builder was given.
 *
 * @param folder {@code SWITCHOVER_BACKUP_FOLDER}: where they go
 * @param encoding {@code SWITCHOVER_BACKUP_ENCODING}, {@code plain}, {@code gzip} or {@code base64}
 * @param beforeSwitchover {@code SWITCHOVER_BACKUP_BEFORE_SWITCHOVER}: whether one is made of the outgoing authority
 * @param emergencyFiles {@code SWITCHOVER_EMERGENCY_FILES}: whether a write that failed is saved aside
 * @param verifiedWrites {@code SWITCHOVER_VERIFIED_WRITES}: whether what was written is read back
 * @param command {@code SWITCHOVER_BACKUP_COMMAND}: run with the path of each finished backup as its last argument
 */
public record BackupVariables(
        Optional<String> folder,
        Optional<String> encoding,
        Optional<Boolean> beforeSwitchover,
        Optional<Boolean> emergencyFiles,
        Optional<Boolean> verifiedWrites,
        Optional<String> command) {

    static final BackupVariables NONE = new BackupVariables(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static BackupVariables read(SettingsReader read) {
        return new BackupVariables(
                read.text("BACKUP_FOLDER"),
                read.oneOf("BACKUP_ENCODING", Map.of("plain", "PLAIN", "gzip", "GZIP", "base64", "BASE64")),
                read.yesOrNo("BACKUP_BEFORE_SWITCHOVER"),
                read.yesOrNo("EMERGENCY_FILES"),
                read.yesOrNo("VERIFIED_WRITES"),
                read.text("BACKUP_COMMAND"));
    }
}
