package dev.switchover.dualwrite.flags;

import dev.switchover.dualwrite.schedule.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The {@code SWITCHOVER_} variables about what runs by itself.
 *
 * @param export {@code SWITCHOVER_EXPORT_SCHEDULE}: when the JSON files are exported, as {@code daily@02:00}
 * @param exportFolder {@code SWITCHOVER_EXPORT_FOLDER}: where to; the storage's own directory if it is not set
 * @param exportAfterWrites {@code SWITCHOVER_EXPORT_AFTER_WRITES}: each write is followed by an export; the time between two at least
 * @param zone {@code SWITCHOVER_SCHEDULE_ZONE}: of the times of day; that of this machine if it is not set
 */
public record ScheduleVariables(
        Optional<Schedule> export,
        Optional<Path> exportFolder,
        Optional<Duration> exportAfterWrites,
        Optional<ZoneId> zone) {

    static final ScheduleVariables NONE =
            new ScheduleVariables(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static ScheduleVariables read(SettingsReader read) {
        return new ScheduleVariables(
                read.parsed("EXPORT_SCHEDULE", Schedule::parse, "is no schedule; write " + Schedule.FORMS),
                read.parsed("EXPORT_FOLDER", Words::path, "is no path"),
                read.duration("EXPORT_AFTER_WRITES"),
                read.parsed(
                        "SCHEDULE_ZONE", Words::zone, "is no time zone; write it as in Europe/Berlin, UTC or +02:00"));
    }
}
