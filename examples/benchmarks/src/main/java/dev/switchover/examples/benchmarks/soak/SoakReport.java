package dev.switchover.examples.benchmarks.soak;

import dev.switchover.examples.benchmarks.harness.Medians;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** One phase: a table of what each curve was at first and at the end, the curves as SVG, every sample as CSV. */
final class SoakReport {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 90;
    private static final int LEFT = 60;

    private final Phase phase;
    private final List<Sample> samples;

    SoakReport(Phase phase, List<Sample> samples) {
        this.phase = phase;
        this.samples = List.copyOf(samples);
    }

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        String name = "soak-" + phase.name().toLowerCase(Locale.ROOT);
        Files.writeString(folder.resolve(name + ".csv"), csv());
        Files.writeString(folder.resolve(name + ".svg"), plot());
        Files.writeString(folder.resolve(name + ".md"), markdown(name + ".svg"));
    }

    /** The first sixth is left out: the virtual machine compiles, and the database's tables get their free space. */
    private String markdown(String plot) {
        int sixth = Math.max(1, samples.size() / 6);
        StringBuilder text = new StringBuilder(format(
                "# %s: %.0f minutes, %d samples%n%n![curves](%s)%n%n| | second sixth | last sixth | ratio | most |%n"
                        + "|---|---:|---:|---:|---:|%n",
                phase, samples.get(samples.size() - 1).seconds() / 60, samples.size(), plot));
        for (Curve curve : Curve.values()) {
            List<Double> values = curve.of(samples);
            double early =
                    median(values.subList(Math.min(sixth, values.size() - 1), Math.min(2 * sixth, values.size())));
            double late = median(values.subList(values.size() - sixth, values.size()));
            text.append(format(
                    "| %s | %.1f | %.1f | %s | %.1f |%n",
                    curve.title(),
                    early,
                    late,
                    early == 0 ? "" : format("%.2f", late / early),
                    values.stream().mapToDouble(Double::doubleValue).max().orElse(0)));
        }
        return text.toString();
    }

    private static double median(List<Double> values) {
        return values.isEmpty() ? 0 : Medians.of(values.stream().mapToDouble(Double::doubleValue));
    }

    private String plot() {
        StringBuilder body = new StringBuilder();
        int top = 10;
        double end = samples.get(samples.size() - 1).seconds();
        for (Curve curve : Curve.values()) {
            List<Double> values = curve.of(samples);
            double most = Math.max(
                    1e-9, values.stream().mapToDouble(Double::doubleValue).max().orElse(0));
            body.append(format(
                    "<text x=\"%d\" y=\"%d\">%s %s</text>%n<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.1f</text>%n"
                            + "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>%n"
                            + "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"silver\"/>%n",
                    LEFT,
                    top + 10,
                    phase,
                    curve.title(),
                    LEFT - 4,
                    top + 24,
                    most,
                    LEFT - 4,
                    top + 14 + HEIGHT,
                    LEFT,
                    top + 14,
                    WIDTH,
                    HEIGHT));
            body.append("<polyline fill=\"none\" stroke=\"steelblue\" points=\"");
            for (int i = 0; i < values.size(); i++) {
                body.append(format(
                        "%.1f,%.1f ",
                        LEFT + WIDTH * samples.get(i).seconds() / end, top + 14 + HEIGHT * (1 - values.get(i) / most)));
            }
            body.append("\"/>\n");
            top += HEIGHT + 34;
        }
        body.append(format("<text x=\"%d\" y=\"%d\">0 to %.0f seconds</text>%n", LEFT, top, end));
        return format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                                + " font-size=\"11\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                        LEFT + WIDTH + 20, top + 16)
                + body + "</svg>\n";
    }

    private String csv() {
        StringBuilder text = new StringBuilder("seconds");
        for (Curve curve : Curve.values()) {
            text.append(',').append(curve.column());
        }
        for (Sample sample : samples) {
            text.append(format("\n%.1f", sample.seconds()));
            for (Curve curve : Curve.values()) {
                text.append(format(",%.3f", curve.of(sample)));
            }
        }
        return text.append('\n').toString();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
