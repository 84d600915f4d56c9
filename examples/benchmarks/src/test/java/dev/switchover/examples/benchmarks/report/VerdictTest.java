package dev.switchover.examples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.benchmarks.harness.Ratio;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

    /** The limit is 1.2. */
    @ParameterizedTest
    @CsvSource({
        "1.0, 0.9, 1.1, MET",
        "1.0, 0.9, 1.2, MET",
        "1.2, 1.2, 1.2, MET",
        "1.0, 0.9, 1.2001, ON_THE_LINE_MET",
        "1.2, 1.1, 1.3, ON_THE_LINE_MET",
        "1.2001, 1.1, 1.3, ON_THE_LINE_MISSED",
        "1.25, 1.2, 1.3, ON_THE_LINE_MISSED",
        "1.25, 1.2001, 1.3, MISSED",
        "1.3, 1.3, 1.3, MISSED"
    })
    void atMost(double median, double low, double high, Verdict verdict) {
        assertThat(Verdict.of(new Ratio(median, low, high), true, 1.2)).isEqualTo(verdict);
    }

    /** The limit is 3. */
    @ParameterizedTest
    @CsvSource({
        "4, 3.5, 5, MET",
        "4, 3, 5, MET",
        "3, 3, 3, MET",
        "4, 2.999, 5, ON_THE_LINE_MET",
        "3, 2, 4, ON_THE_LINE_MET",
        "2.999, 2, 4, ON_THE_LINE_MISSED",
        "2, 1, 3, ON_THE_LINE_MISSED",
        "2, 1, 2.999, MISSED",
        "2, 2, 2, MISSED"
    })
    void atLeast(double median, double low, double high, Verdict verdict) {
        assertThat(Verdict.of(new Ratio(median, low, high), false, 3)).isEqualTo(verdict);
    }

    /** Nothing was measured, so nothing was met. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whatIsNoNumberIsMissed(boolean most) {
        assertThat(Verdict.of(new Ratio(Double.NaN, Double.NaN, Double.NaN), most, 1))
                .isEqualTo(Verdict.MISSED);
    }
}
