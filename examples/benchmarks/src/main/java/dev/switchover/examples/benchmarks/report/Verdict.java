package dev.switchover.examples.benchmarks.report;

import dev.switchover.examples.benchmarks.harness.Ratio;

/** What a ratio and its spread say of a target. */
enum Verdict {
    MET("met"),
    /** One end of the spread meets it, the other does not: another run may see it otherwise. */
    ON_THE_LINE_MET("on the line, met"),
    ON_THE_LINE_MISSED("on the line, missed"),
    MISSED("**missed**");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /** @param most whether the ratio may be at most the limit, or has to be at least that */
    static Verdict of(Ratio ratio, boolean most, double limit) {
        double worse = most ? ratio.high() : ratio.low();
        double better = most ? ratio.low() : ratio.high();
        if (meets(ratio.median(), most, limit)) {
            return meets(worse, most, limit) ? MET : ON_THE_LINE_MET;
        }
        return meets(better, most, limit) ? ON_THE_LINE_MISSED : MISSED;
    }

    private static boolean meets(double value, boolean most, double limit) {
        return most ? value <= limit : value >= limit;
    }

    @Override
    public String toString() {
        return words;
    }
}
