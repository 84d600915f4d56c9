package dev.switchover.examples.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PairedRunTest {

    private static final Plan THREE_ROUNDS = new Plan(Duration.ofMillis(1), 3, Duration.ofMillis(1), Duration.ZERO);

    @Test
    void inEveryRoundEachAlternativeHasOneTurn() throws Exception {
        List<String> turns = new CopyOnWriteArrayList<>();
        AtomicReference<String> last = new AtomicReference<>("");
        PairedRun run = new PairedRun(THREE_ROUNDS, line -> last.set(""));
        List<Alternative> alternatives =
                Stream.of("a", "b", "c").map(name -> noting(name, turns, last)).toList();
        Comparison comparison = run.run("turns", 1, alternatives);
        for (int round = 0; round < 4; round++) {
            assertThat(turns.subList(3 * round, 3 * round + 3)).containsExactlyInAnyOrder("a", "b", "c");
        }
        assertThat(comparison.series()).extracting(Series::name).containsExactly("a", "b", "c");
        assertThat(comparison.series())
                .allSatisfy(series -> assertThat(series.slots()).hasSize(3));
    }

    private static Alternative noting(String name, List<String> turns, AtomicReference<String> last) {
        return new Alternative(name, lane -> {
            if (!last.getAndSet(name).equals(name)) {
                turns.add(name);
            }
            return null;
        });
    }

    @Test
    void everyLaneCallsAndEveryCallIsCounted() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        List<Integer> lanes = new CopyOnWriteArrayList<>();
        Alternative counting = new Alternative("counting", lane -> {
            if (!lanes.contains(lane.number())) {
                lanes.add(lane.number());
            }
            return calls.incrementAndGet();
        });
        Comparison comparison = new PairedRun(
                        new Plan(Duration.ZERO, 2, Duration.ofMillis(5), Duration.ZERO), line -> {})
                .run("counting", 4, List.of(counting));
        assertThat(lanes).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(comparison.baseline().slots().stream().mapToLong(Slot::calls).sum())
                .isEqualTo(calls.get());
    }

    @Test
    void whatGoesOnBesideAnAlternativeGoesOnInItsSlotsAlone() throws Exception {
        AtomicInteger under = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        List<Integer> with = new CopyOnWriteArrayList<>();
        List<Integer> without = new CopyOnWriteArrayList<>();
        Alternative burdened = new Alternative("burdened", lane -> with.add(under.get()), () -> {
            begun.incrementAndGet();
            under.incrementAndGet();
            return under::decrementAndGet;
        });
        Alternative free = new Alternative("free", lane -> without.add(under.get()));
        new PairedRun(THREE_ROUNDS, line -> {}).run("beside", 1, List.of(free, burdened));
        assertThat(begun).hasValue(4);
        assertThat(with).containsOnly(1);
        assertThat(without).containsOnly(0);
    }

    @Test
    void aFailedCallLeavesNoResult() {
        Alternative broken = new Alternative("broken", lane -> {
            throw new IllegalStateException("disk gone");
        });
        assertThatThrownBy(() -> new PairedRun(THREE_ROUNDS, line -> {}).run("failing", 2, List.of(broken)))
                .isInstanceOf(MeasurementFailedException.class)
                .hasMessageContaining("broken")
                .hasRootCauseMessage("disk gone");
    }

    @Test
    void theRatioIsTheMedianOfTheRoundsAndTheSpreadTheirMiddleHalf() {
        Series slow = series("slow", 20, 30, 100, 31, 900);
        Series fast = series("fast", 10, 10, 20, 5, 9);
        // The medians over all rounds are 31 and 10.
        assertThat(slow.to(fast, Measure.P50)).isEqualTo(new Ratio(5.0, 3.0, 6.2));
        assertThat(fast.to(slow, Measure.P50).median()).isEqualTo(0.2);
    }

    @Test
    void ofAnEvenNumberOfRoundsTheMedianLiesBetweenTheMiddleTwo() {
        Ratio ratio = series("a", 40, 10, 30, 900).to(series("b", 10, 10, 10, 10), Measure.P50);
        assertThat(ratio).isEqualTo(new Ratio(3.5, 3.0, 4.0));
    }

    private static Series series(String name, double... p50s) {
        return new Series(
                name,
                Arrays.stream(p50s).mapToObj(p50 -> new Slot(1, p50, p50, 1)).toList());
    }
}
