package dev.switchover.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long the holder of the directory is waited for. */
final class PatienceOption {

    private static final long BY_DEFAULT = 10;

    @Option(
            names = "--patience",
            paramLabel = "MINUTES",
            description = "How long to wait for the end at most; 10 by default.")
    private @Nullable Long minutes;

    boolean isGiven() {
        return minutes != null;
    }

    Duration duration() {
        return Duration.ofMinutes(minutes == null ? BY_DEFAULT : Math.max(1, minutes));
    }
}
