package dev.switchover.cli;

import dev.switchover.dualwrite.CopyProgress;
import dev.switchover.dualwrite.request.RequestProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Tells on standard error how far a long work has come: a bar with rate and time left on a terminal, elsewhere a plain line now and
 * then. Used by one thread.
 */
final class ProgressDisplay implements AutoCloseable {

    private static final int WIDTH = 100;
    private static final long LINE_EVERY = Duration.ofSeconds(5).toNanos();

    private final PrintStream err;
    private final boolean bars;
    private final LongSupplier nanoTime;
    private @Nullable ProgressBar bar;
    private @Nullable String what;
    private long toldAt;

    ProgressDisplay(Terminal terminal) {
        this(terminal, System::nanoTime);
    }

    ProgressDisplay(Terminal terminal, LongSupplier nanoTime) {
        this.err = terminal.err();
        this.bars = terminal.interactive();
        this.nanoTime = nanoTime;
    }

    /**
     * One step further.
     *
     * @param now what is being done: {@code export expenses}
     * @param total about how much there is, if that is known
     * @param perSecond since the beginning; below zero if unknown
     * @param finished whether this is the end of it
     */
    void at(String now, long done, OptionalLong total, double perSecond, boolean finished) {
        if (bars) {
            draw(now, done, total, finished);
        } else {
            write(now, done, total, perSecond, finished);
        }
    }

    /** For what is told by collection. */
    CopyProgress of(String doing) {
        return step ->
                at(doing + " " + step.collection(), step.done(), step.total(), step.perSecond(), step.finished());
    }

    /** For what the holder of the directory tells. */
    RequestProgress request(String doing) {
        return (done, total, now) -> at(now.isEmpty() ? doing : now, done, total, -1, false);
    }

    private void draw(String now, long done, OptionalLong total, boolean finished) {
        ProgressBar present = bar;
        if (present == null || !now.equals(what)) {
            close();
            present = new ProgressBarBuilder()
                    .setTaskName(now)
                    // Below zero: it moves without telling a share.
                    .setInitialMax(total.orElse(-1))
                    .setStyle(ProgressBarStyle.ASCII)
                    .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
                    .setUpdateIntervalMillis(200)
                    .showSpeed()
                    .build();
            bar = present;
            what = now;
        }
        total.ifPresent(present::maxHint);
        present.stepTo(done);
        if (finished) {
            close();
        }
    }

    private void write(String now, long done, OptionalLong total, double perSecond, boolean finished) {
        long time = nanoTime.getAsLong();
        boolean another = !now.equals(what);
        if (!another && !finished && time - toldAt < LINE_EVERY) {
            return;
        }
        what = now;
        toldAt = time;
        err.println(line(now, done, total, perSecond, finished));
    }

    private static String line(String now, long done, OptionalLong total, double perSecond, boolean finished) {
        StringBuilder line = new StringBuilder(now).append(": ").append(Numbers.of(done));
        if (finished) {
            line.append(", done");
        } else {
            total.ifPresent(all -> line.append(" of about ").append(Numbers.of(all)));
        }
        if (perSecond > 0) {
            line.append(", ").append(Numbers.of(Math.round(perSecond))).append(" a second");
            if (!finished && total.isPresent() && total.getAsLong() >= done) {
                Duration left = Duration.ofSeconds(Math.round((total.getAsLong() - done) / perSecond));
                line.append(", ").append(Numbers.of(left)).append(" left");
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        ProgressBar present = bar;
        bar = null;
        what = null;
        if (present != null) {
            present.close();
        }
    }

    /** Numbers as people read them, the same in every country. */
    static final class Numbers {

        private Numbers() {}

        static String of(long number) {
            return String.format(Locale.ROOT, "%,d", number);
        }

        /** {@code 1 h 02 min}, {@code 3 min 20 s}, {@code 4 s}. */
        static String of(Duration duration) {
            long seconds = duration.toSeconds();
            if (seconds >= 3600) {
                return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
            }
            return seconds >= 60
                    ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
                    : seconds + " s";
        }
    }
}
