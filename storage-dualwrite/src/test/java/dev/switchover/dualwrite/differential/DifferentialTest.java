package dev.switchover.dualwrite.differential;

import dev.switchover.dualwrite.differential.Match.Difference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The stores, both table layouts, all phases and a plain model play the same histories. Seeds are in each failure; {@code
 * -Dswitchover.differential.seed=…} plays another one first, {@code -Dswitchover.differential.operations=…} sets the size of the
 * long run.
 */
class DifferentialTest {

    @TempDir
    Path root;

    @ParameterizedTest(name = "columns: {0}")
    @ValueSource(booleans = {false, true})
    void allStoresAndPhasesAnswerLikeTheModel(boolean columns) {
        long seed = Long.getLong("switchover.differential.seed", 20_260_131);
        for (int i = 0; i < 2; i++) {
            play(seed + i, columns, 300, 75);
        }
    }

    @Tag("slow")
    @ParameterizedTest(name = "columns: {0}")
    @ValueSource(booleans = {false, true})
    void aMillionOperationsMakeNoDifference(boolean columns) {
        long operations = Long.getLong("switchover.differential.operations", 1_000_000);
        long seed = Long.getLong("switchover.differential.seed", System.nanoTime());
        long played = 0;
        for (long i = 0; played < operations / 2; i++) {
            played += play(seed + i, columns, 1_000, 250);
            if (i % 10 == 9) {
                System.out.println("differential, columns " + columns + ", first seed " + seed + ": " + played
                        + " operations on each of three storages");
            }
        }
    }

    private int play(long seed, boolean columns, int operations, int restarts) {
        List<Shape<?, ?>> shapes = Records.shapes(columns);
        List<Operation> history = Histories.of(seed, shapes, operations, restarts);
        Match match = new Match(shapes, root);
        Difference difference = match.play(history);
        if (difference != null) {
            throw new AssertionError("seed " + seed + ", columns " + columns + ": "
                    + Shrinking.shrunk(match, history, difference, Duration.ofSeconds(60)));
        }
        return history.size();
    }
}
