package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.BackupCommand;
import dev.switchover.dualwrite.backup.BackupEncoding;
import dev.switchover.dualwrite.backup.BackupSettings;
import dev.switchover.dualwrite.backup.BackupTimes;
import dev.switchover.dualwrite.backup.Retention;
import dev.switchover.dualwrite.export.ExportSettings;
import dev.switchover.dualwrite.flags.BackupVariables;
import dev.switchover.dualwrite.flags.ScheduleVariables;
import dev.switchover.dualwrite.flags.SwitchoverSettings;
import java.nio.file.Path;
import java.time.ZoneId;

/**
 * What is kept beside the stores: backups and exports.
 *
 * @param zone of the times of day in their schedules
 */
record Saving(BackupSettings backups, ExportSettings exports, ZoneId zone) {

    /** Backups into this folder, nothing by itself. */
    static Saving in(Path backups) {
        return new Saving(BackupSettings.in(backups), ExportSettings.NONE, ZoneId.systemDefault());
    }

    /** As it is, where no variable says otherwise. */
    Saving with(SwitchoverSettings settings) {
        ScheduleVariables times = settings.schedule();
        return new Saving(with(settings.backup()), with(times), times.zone().orElse(zone));
    }

    private ExportSettings with(ScheduleVariables set) {
        return new ExportSettings(
                set.exportFolder().or(exports::folder),
                set.export().or(exports::schedule),
                set.exportAfterWrites().or(exports::afterWrites));
    }

    private BackupSettings with(BackupVariables set) {
        BackupSettings changed = backups;
        if (set.folder().isPresent()) {
            changed = changed.withFolder(Path.of(set.folder().get()));
        }
        if (set.encoding().isPresent()) {
            changed = changed.withEncoding(BackupEncoding.valueOf(set.encoding().get()));
        }
        if (set.beforeSwitchover().isPresent()) {
            changed = changed.withBeforeSwitchover(set.beforeSwitchover().get());
        }
        if (set.emergencyFiles().isPresent()) {
            changed = changed.withEmergencyFiles(set.emergencyFiles().get());
        }
        if (set.verifiedWrites().isPresent()) {
            changed = changed.withVerifiedWrites(set.verifiedWrites().get());
        }
        if (set.command().isPresent()) {
            changed = changed.andThen(BackupCommand.of(set.command().get()));
        }
        return changed.withTimes(with(changed.times(), set));
    }

    private static BackupTimes with(BackupTimes times, BackupVariables set) {
        return new BackupTimes(
                set.schedule().or(times::schedule),
                set.afterWrites().or(times::afterWrites),
                set.cleaning().orElse(times.cleaned()),
                retention(set, times.retention()));
    }

    private static Retention retention(BackupVariables set, Retention otherwise) {
        boolean said = set.keepDays().isPresent() || set.keepCount().isPresent();
        return said ? new Retention(set.keepDays(), set.keepCount()) : otherwise;
    }
}
