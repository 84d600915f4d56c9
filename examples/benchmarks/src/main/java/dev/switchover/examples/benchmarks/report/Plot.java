package dev.switchover.examples.benchmarks.report;

import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.harness.Ratio;
import dev.switchover.examples.benchmarks.harness.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Ratios of one run to its baseline as an SVG: a bar for each alternative, a line across its end for the middle half of the
 * rounds. The scale is logarithmic, so that twice as fast and twice as slow are equally far from the baseline.
 */
final class Plot {

    private static final int NAMES = 270;
    private static final int BARS = 430;
    private static final int ROW = 22;

    private Plot() {}

    static String of(Comparison comparison) {
        List<Measure> measures = comparison.kind() == Comparison.Kind.CALLS
                ? List.of(Measure.P50, Measure.P99, Measure.THROUGHPUT)
                : List.of(Measure.P50);
        StringBuilder body = new StringBuilder();
        int y = 24;
        text(body, 8, y, Report.title(comparison), "start");
        for (Measure measure : measures) {
            y += ROW + 8;
            text(body, 8, y, caption(comparison, measure), "start");
            y = bars(body, comparison, measure, y + 8);
        }
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                                + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                        NAMES + BARS + 60,
                        y + 12)
                + body + "</svg>\n";
    }

    private static String caption(Comparison comparison, Measure measure) {
        String to = " to " + comparison.baseline().name();
        if (comparison.kind() != Comparison.Kind.CALLS) {
            return comparison.kind().unit() + ", ratio" + to + "; shorter is better";
        }
        return switch (measure) {
            case P50 -> "p50, ratio" + to + "; shorter is better";
            case P99 -> "p99, ratio" + to + "; shorter is better";
            case THROUGHPUT -> "throughput, ratio" + to + "; longer is better";
        };
    }

    private static int bars(StringBuilder body, Comparison comparison, Measure measure, int top) {
        List<Ratio> ratios = new ArrayList<>();
        double least = 0.5;
        double most = 2;
        for (Series series : comparison.series()) {
            Ratio ratio = series.to(comparison.baseline(), measure);
            ratios.add(ratio);
            least = Math.min(least, Math.min(ratio.low(), ratio.median()));
            most = Math.max(most, Math.max(ratio.high(), ratio.median()));
        }
        int y = top;
        for (int i = 0; i < ratios.size(); i++) {
            Ratio ratio = ratios.get(i);
            double end = x(ratio.median(), least, most);
            text(body, NAMES - 6, y + 14, comparison.series().get(i).name(), "end");
            rectangle(body, NAMES, y + 4, end - NAMES, 14);
            line(body, x(ratio.low(), least, most), y + 11, x(ratio.high(), least, most), y + 11, "black");
            text(body, NAMES + BARS + 6, y + 15, Report.number(ratio.median()), "start");
            y += ROW;
        }
        double one = x(1, least, most);
        line(body, one, top, one, y, "crimson");
        return y;
    }

    private static double x(double ratio, double least, double most) {
        return NAMES + BARS * Math.log(ratio / least) / Math.log(most / least);
    }

    private static void rectangle(StringBuilder body, double x, double y, double width, double height) {
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"steelblue\"/>%n",
                x,
                y,
                Math.max(1, width),
                height));
    }

    private static void line(StringBuilder body, double x1, double y1, double x2, double y2, String colour) {
        body.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour));
    }

    private static void text(StringBuilder body, double x, double y, String words, String anchor) {
        body.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                words.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
