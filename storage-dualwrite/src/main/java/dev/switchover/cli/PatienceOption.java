package dev.switchover.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long the holder of the directory is waited for. */
final class PatienceOption {

    @Option(
            names = "--patience",
            paramLabel = "MINUTES",
            description = "How long to wait for the end at most; 10 by default.")
    private long minutes = 10;

    Duration duration() {
        return Duration.ofMinutes(Math.max(1, minutes));
    }
}
