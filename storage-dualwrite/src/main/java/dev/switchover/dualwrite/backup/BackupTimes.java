package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.schedule.Schedule;
import java.time.Duration;
import java.util.Optional;

/**
 * When backups are made by themselves. Immutable.
 *
 * @param schedule never if there is none
 * @param afterWrites how much time is between two of them at least, if each write is followed by one; otherwise none follows
 * @param cleaned whether older ones are removed when such a backup was found to be sound
 * @param retention what stays then, and when somebody cleans who says nothing else
 */
public record BackupTimes(
        Optional<Schedule> schedule, Optional<Duration> afterWrites, boolean cleaned, Retention retention) {

    /** Only when somebody asks. */
    public static final BackupTimes NONE =
            new BackupTimes(Optional.empty(), Optional.empty(), false, Retention.DEFAULTS);

    /** @throws IllegalArgumentException if the time between two backups is not above zero */
    public BackupTimes {
        if (afterWrites.filter(pause -> pause.isZero() || pause.isNegative()).isPresent()) {
            throw new IllegalArgumentException("backups after writes: name a time between two of them, above zero");
        }
    }

    /** What stays when one that was made by itself is sound; nothing is removed if there is none. */
    public Optional<Retention> cleaning() {
        return cleaned ? Optional.of(retention) : Optional.empty();
    }
}
