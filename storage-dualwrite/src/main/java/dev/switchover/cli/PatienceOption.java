package dev.switchover.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How long the holder of the directory is waited for. */
final class PatienceOption {

    private static final long BY_DEFAULT = 10;
    private static final long MOST = Duration.ofDays(365).toMinutes();

    @Option(
            names = "--patience",
            paramLabel = "MINUTES",
            converter = Minutes.class,
            description = "How long to wait for the end at most; 10 by default.")
    private @Nullable Long minutes;

    boolean isGiven() {
        return minutes != null;
    }

    Duration duration() {
        return Duration.ofMinutes(minutes == null ? BY_DEFAULT : minutes);
    }

    private static final class Minutes implements ITypeConverter<Long> {

        @Override
        public Long convert(String text) {
            try {
                long minutes = Long.parseLong(text);
                if (minutes > 0 && minutes <= MOST) {
                    return minutes;
                }
            } catch (NumberFormatException none) {
                // Told below, as a number that is none.
            }
            throw new TypeConversionException("write a number of minutes from 1 to " + MOST + ", not '" + text + "'");
        }
    }
}
