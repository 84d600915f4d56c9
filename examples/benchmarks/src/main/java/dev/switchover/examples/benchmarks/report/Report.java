package dev.switchover.examples.benchmarks.report;

import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.harness.Ratio;
import dev.switchover.examples.benchmarks.harness.Series;
import dev.switchover.examples.benchmarks.harness.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report: Markdown to read, and every slot as CSV to draw or compare. */
public final class Report {

    private final Occasion occasion;
    private final Machine machine;
    private final List<Section> sections;

    public Report(Occasion occasion, Machine machine, List<Section> sections) {
        this.occasion = occasion;
        this.machine = machine;
        this.sections = List.copyOf(sections);
    }

    /** @return the Markdown file; {@code slots.csv} and the plots it shows lie beside it */
    public Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < sections.size(); i++) {
            Files.writeString(folder.resolve(plot(i)), Plot.of(sections.get(i).comparison()));
        }
        Files.writeString(folder.resolve("slots.csv"), csv());
        return Files.writeString(folder.resolve("report.md"), markdown());
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# Measured\n\n| | |\n|---|---|\n");
        occasion.facts().forEach((name, value) -> line(text, "| %s | %s |", name, value));
        machine.facts().forEach((name, value) -> line(text, "| %s | %s |", name, value));
        text.append("""

                Alternatives in turn, in one process; each scenario in one of its own, with a server of its own. A ratio is the
                median of the ratios within one round each; in brackets, the middle half of these. Times, amounts and calls/s
                are medians over all rounds of their own, so what they are to each other need not be the ratio.
                The first row is the baseline. For p50 and p99 less is better, for throughput more.
                """);
        occasion.leftOut().forEach(what -> line(text, "\nLeft out: %s", what));
        targets(text);
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            Comparison comparison = section.comparison();
            line(text, "\n## %s\n", title(comparison));
            int rounds = comparison.baseline().slots().size();
            line(text, "%d rounds, load average before: %.1f\n", rounds, comparison.loadBefore());
            line(text, "![%s](%s)\n", title(comparison), plot(i));
            if (comparison.kind() == Comparison.Kind.CALLS) {
                calls(text, section);
            } else {
                amounts(text, comparison);
            }
            section.notes().forEach(note -> line(text, "\n%s", note));
        }
        return text.toString();
    }

    /** Of each ratio that has one, in the order of the sections. */
    private void targets(StringBuilder text) {
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        StringBuilder rows = new StringBuilder();
        for (Section section : sections) {
            for (Target target : section.targets()) {
                Verdict verdict = target.verdict(section.comparison());
                counts.merge(verdict, 1, Integer::sum);
                row(rows, section.comparison(), target, verdict);
            }
        }
        if (counts.isEmpty()) {
            return;
        }
        int met = counts.getOrDefault(Verdict.MET, 0);
        int lineMet = counts.getOrDefault(Verdict.ON_THE_LINE_MET, 0);
        int lineMissed = counts.getOrDefault(Verdict.ON_THE_LINE_MISSED, 0);
        int missed = counts.getOrDefault(Verdict.MISSED, 0);
        line(text, "\n## Targets\n");
        line(
                text,
                "Of %d: %d met, %d on the line (%d met and %d missed by the median), %d missed. Met: the"
                        + " worse end of the bracket meets it too; on the line: only one end does; missed: neither.\n",
                met + lineMet + lineMissed + missed,
                met,
                lineMet + lineMissed,
                lineMet,
                lineMissed,
                missed);
        line(text, "| what | | against | target | seen | |");
        line(text, "|---|---|---|---:|---:|---|");
        text.append(rows);
    }

    private static void row(StringBuilder text, Comparison comparison, Target target, Verdict verdict) {
        line(
                text,
                "| %s | %s%s | %s | %s %s | %s | %s |",
                title(comparison),
                target.alternative(),
                switch (target.measure()) {
                    case P50 -> comparison.kind() == Comparison.Kind.CALLS ? ", p50" : "";
                    case P99 -> ", p99";
                    case THROUGHPUT -> ", throughput";
                },
                target.baseline(),
                target.most() ? "≤" : "≥",
                number(target.limit()),
                ratio(target.seen(comparison)),
                verdict);
    }

    static String title(Comparison comparison) {
        return comparison.kind() == Comparison.Kind.CALLS
                ? comparison.title() + ", " + threads(comparison)
                : comparison.title();
    }

    private static String plot(int index) {
        return String.format(Locale.ROOT, "plot-%02d.svg", index + 1);
    }

    private static void amounts(StringBuilder text, Comparison comparison) {
        line(text, "| | %s | ratio |", comparison.kind().unit());
        line(text, "|---|---:|---:|");
        for (Series series : comparison.series()) {
            line(
                    text,
                    "| %s | %s | %s |",
                    series.name(),
                    number(comparison.kind().shown(series.median(Measure.P50))),
                    ratio(series.to(comparison.baseline(), Measure.P50)));
        }
    }

    private static void calls(StringBuilder text, Section section) {
        Comparison comparison = section.comparison();
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
        return number(ratio.median()) + " (" + number(ratio.low()) + "–" + number(ratio.high()) + ")";
    }

    /** Three digits that count, or all before the point. */
    static String number(double value) {
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 0.1 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }

    private String csv() {
        StringBuilder text = new StringBuilder("title,threads,alternative,round,calls,unit,p50,p99,calls_a_second\n");
        for (Section section : sections) {
            Comparison comparison = section.comparison();
            for (Series series : comparison.series()) {
                int round = 0;
                for (Slot slot : series.slots()) {
                    line(
                            text,
                            "\"%s\",%d,\"%s\",%d,%d,%s,%.3f,%.3f,%.1f",
                            comparison.title(),
                            comparison.threads(),
                            series.name(),
                            ++round,
                            slot.calls(),
                            comparison.kind().unit(),
                            comparison.kind().shown(slot.p50Micros()),
                            comparison.kind().shown(slot.p99Micros()),
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
