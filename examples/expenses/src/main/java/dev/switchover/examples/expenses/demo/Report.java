package dev.switchover.examples.expenses.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The progress while it goes on, and one table at the end. */
final class Report {

    /**
     * One step of the story.
     *
     * @param lag ids that had not reached the mirror: the most at any time, and at the end
     * @param drift records that differ between the stores
     */
    record Row(String phase, String story, int writes, String lag, String drift, Duration time) {}

    private static final String FORMAT = "%-13s %-44s %7s %14s %22s %7s%n";

    private final PrintStream out;
    private final long start = System.nanoTime();
    private final List<Row> rows = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    void say(String message) {
        out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds(System.nanoTime() - start), message);
        out.flush();
    }

    void add(Row row) {
        rows.add(row);
    }

    void table() {
        out.println();
        out.printf(FORMAT, "phase", "what happened", "writes", "lag", "drift", "time");
        out.println("-".repeat(112));
        for (Row row : rows) {
            out.printf(
                    FORMAT,
                    row.phase(),
                    row.story(),
                    row.writes(),
                    row.lag(),
                    row.drift(),
                    String.format(Locale.ROOT, "%.1f s", seconds(row.time().toNanos())));
        }
        out.println();
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
