package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.schedule.Schedule;
import java.time.Duration;
import java.util.Optional;

/**
 * When backups are made by themselves. Immutable.
 *
 * @param schedule never if there is none
 * @param afterWrites how much time is between two of them at least, if each write is followed by one; otherwise none follows
 * @param cleaning what is kept when such a backup was found to be sound; nothing is removed if there is none
 */
public record BackupTimes(Optional<Schedule> schedule, Optional<Duration> afterWrites, Optional<Retention> cleaning) {

    /** Only when somebody asks. */
    public static final BackupTimes NONE = new BackupTimes(Optional.empty(), Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException if the time between two backups is not above zero */
    public BackupTimes {
        if (afterWrites.filter(pause -> pause.isZero() || pause.isNegative()).isPresent()) {
            throw new IllegalArgumentException("backups after writes: name a time between two of them, above zero");
        }
    }
}
