package dev.switchover.dualwrite.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * The real guard, switchover, mirror and watch over simulated stores, clock and scheduler. A failure prints its seed and what
 * happened last; {@code -Dswitchover.simulation.first=SEED -Dswitchover.simulation.seeds=1} plays it again, exactly, and
 * {@code -Dswitchover.simulation.trace=20000} shows more of it.
 */
class SimulationTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.switchover");
    private static final Duration SHORT = Duration.ofSeconds(10);

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    /** As many as fit; each run of the build takes the same ones, from the first. */
    @Test
    void nothingAcknowledgedIsLostAndTheStoresConverge() {
        long end = System.nanoTime() + SHORT.toNanos();
        int seeds = 0;
        long seed = Long.getLong("switchover.simulation.first", 1);
        do {
            Simulation.run(seed++);
            seeds++;
        } while (System.nanoTime() - end < 0 && seeds < 2_000);
        assertThat(seeds).isPositive();
    }

    @Tag("slow")
    @Test
    void nothingAcknowledgedIsLostInAHundredThousandRuns() {
        long first = Long.getLong("switchover.simulation.first", 1);
        long seeds = Long.getLong("switchover.simulation.seeds", 100_000);
        List<String> failures = new ArrayList<>();
        for (long seed = first; seed < first + seeds && failures.size() < 10; seed++) {
            try {
                Simulation.run(seed);
            } catch (AssertionError e) {
                failures.add(e.getMessage());
            }
        }
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 17, 4711})
    void oneSeedGivesOneRun(long seed) {
        assertThat(Simulation.run(seed)).isEqualTo(Simulation.run(seed));
    }

    /** Found a mirroring that was said to be on although writes had not been recorded: 7273. A discarded mark: 359. */
    @ParameterizedTest
    @ValueSource(longs = {359, 1731, 2436, 3005, 7273})
    void seedsThatFoundSomethingStayGreen(long seed) {
        Simulation.run(seed);
    }
}
