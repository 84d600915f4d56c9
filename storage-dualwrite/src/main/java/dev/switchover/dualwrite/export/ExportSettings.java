package dev.switchover.dualwrite.export;

import dev.switchover.dualwrite.schedule.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Exports that are made by themselves. Immutable.
 *
 * @param folder where they go; the storage's own directory if there is none
 * @param schedule when; never if there is none
 * @param afterWrites how much time is between two of them at least, if each write is followed by one; otherwise none follows
 */
public record ExportSettings(Optional<Path> folder, Optional<Schedule> schedule, Optional<Duration> afterWrites) {

    /** Nothing is exported by itself. */
    public static final ExportSettings NONE = new ExportSettings(Optional.empty(), Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException if the time between two exports is not above zero */
    public ExportSettings {
        if (afterWrites.filter(pause -> pause.isZero() || pause.isNegative()).isPresent()) {
            throw new IllegalArgumentException("exports after writes: name a time between two of them, above zero");
        }
    }

    /** Into this folder instead of the storage's own directory. */
    public ExportSettings withFolder(Path newFolder) {
        return new ExportSettings(Optional.of(newFolder), schedule, afterWrites);
    }

    /** At these times. */
    public ExportSettings withSchedule(Schedule times) {
        return new ExportSettings(folder, Optional.of(times), afterWrites);
    }

    /**
     * After each write, on a thread of its own: the first write is followed at once, the next ones not before this time is over, all
     * of them by one export.
     */
    public ExportSettings afterWrites(Duration atMostEvery) {
        return new ExportSettings(folder, schedule, Optional.of(atMostEvery));
    }
}
