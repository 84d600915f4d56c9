package dev.switchover.examples.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

    @Test
    void quantilesOfAnEvenSpreadAreWhereTheyShouldBe() {
        LatencyHistogram latencies = new LatencyHistogram();
        for (long micros = 1; micros <= 100_000; micros++) {
            latencies.add(micros * 1_000);
        }
        assertThat(latencies.quantile(0.50)).isCloseTo(50_000_000, withinPercentage(0.4));
        assertThat(latencies.quantile(0.99)).isCloseTo(99_000_000, withinPercentage(0.4));
        assertThat(latencies.quantile(1)).isCloseTo(100_000_000, withinPercentage(0.4));
    }

    @Test
    void everyDurationIsKeptToWithinTheStatedPrecision() {
        for (long nanos = 1; nanos > 0 && nanos < Long.MAX_VALUE / 3; nanos = nanos * 3 / 2 + 1) {
            LatencyHistogram latencies = new LatencyHistogram();
            latencies.add(nanos);
            assertThat(latencies.quantile(0.5)).isCloseTo(nanos, withinPercentage(0.4));
        }
    }

    @Test
    void addingUpCountsEverything() {
        LatencyHistogram few = new LatencyHistogram();
        few.add(10);
        LatencyHistogram many = new LatencyHistogram();
        many.add(1_000);
        many.add(1_000);
        few.addAll(many);
        assertThat(few.total()).isEqualTo(3);
        assertThat(few.quantile(0.5)).isCloseTo(1_000, withinPercentage(0.4));
    }

    @Test
    void nothingHasNoMedian() {
        assertThatThrownBy(() -> new LatencyHistogram().quantile(0.5)).isInstanceOf(IllegalStateException.class);
    }
}
