package dev.switchover.examples.benchmarks.report;

import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.harness.Ratio;
import dev.switchover.examples.benchmarks.harness.Series;
import dev.switchover.examples.benchmarks.harness.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The report: Markdown to read, and every slot as CSV to draw or compare. */
public final class Report {

    private final Machine machine;
    private final int rounds;
    private final List<Section> sections;

    public Report(Machine machine, int rounds, List<Section> sections) {
        this.machine = machine;
        this.rounds = rounds;
        this.sections = List.copyOf(sections);
    }

    /** @return the Markdown file; {@code slots.csv} lies beside it */
    public Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("slots.csv"), csv());
        return Files.writeString(folder.resolve("report.md"), markdown());
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# Measured\n\n| | |\n|---|---|\n");
        machine.facts().forEach((name, value) -> line(text, "| %s | %s |", name, value));
        text.append("""

                Alternatives in turn, in one process, %d rounds. A ratio is the ratio of the medians over all rounds; in
                brackets, of the ratios within one round each, the middle half. The first row is the baseline. For p50 and
                p99 less is better, for throughput more.
                """.formatted(rounds));
        sections.forEach(section -> append(text, section));
        return text.toString();
    }

    private static void append(StringBuilder text, Section section) {
        Comparison comparison = section.comparison();
        line(text, "\n## %s, %s\n", comparison.title(), threads(comparison));
        if (comparison.loadBefore() >= 0) {
            line(text, "Load average before: %.1f\n", comparison.loadBefore());
        }
        line(text, "| | p50 µs | p99 µs | calls/s | p50 ratio | p99 ratio | throughput ratio |");
        line(text, "|---|---:|---:|---:|---:|---:|---:|");
        for (Series series : comparison.series()) {
            line(
                    text,
                    "| %s | %s | %s | %,.0f | %s | %s | %s |",
                    series.name(),
                    number(series.median(Measure.P50)),
                    number(series.median(Measure.P99)),
                    series.median(Measure.THROUGHPUT),
                    ratio(series.to(comparison.baseline(), Measure.P50)),
                    ratio(series.to(comparison.baseline(), Measure.P99)),
                    ratio(series.to(comparison.baseline(), Measure.THROUGHPUT)));
        }
        if (!section.against().isEmpty()) {
            line(text, "\n| against another row | p50 ratio | p99 ratio | throughput ratio |");
            line(text, "|---|---:|---:|---:|");
            for (Section.Against against : section.against()) {
                Series series = comparison.named(against.alternative());
                Series baseline = comparison.named(against.baseline());
                line(
                        text,
                        "| %s to %s | %s | %s | %s |",
                        series.name(),
                        baseline.name(),
                        ratio(series.to(baseline, Measure.P50)),
                        ratio(series.to(baseline, Measure.P99)),
                        ratio(series.to(baseline, Measure.THROUGHPUT)));
            }
        }
    }

    private static String threads(Comparison comparison) {
        return comparison.threads() == 1 ? "1 thread" : comparison.threads() + " threads";
    }

    private static String ratio(Ratio ratio) {
        return number(ratio.ofMedians()) + " (" + number(ratio.low()) + "–" + number(ratio.high()) + ")";
    }

    /** Three digits that count, or all before the point. */
    private static String number(double value) {
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 0.1 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }

    private String csv() {
        StringBuilder text = new StringBuilder("title,threads,alternative,round,calls,p50_us,p99_us,calls_a_second\n");
        for (Section section : sections) {
            Comparison comparison = section.comparison();
            for (Series series : comparison.series()) {
                int round = 0;
                for (Slot slot : series.slots()) {
                    line(
                            text,
                            "\"%s\",%d,\"%s\",%d,%d,%.3f,%.3f,%.1f",
                            comparison.title(),
                            comparison.threads(),
                            series.name(),
                            ++round,
                            slot.calls(),
                            slot.p50Micros(),
                            slot.p99Micros(),
                            slot.callsASecond());
                }
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
