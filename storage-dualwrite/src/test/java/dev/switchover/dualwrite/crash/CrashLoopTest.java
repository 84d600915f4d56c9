package dev.switchover.dualwrite.crash;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that serve five directories side by side, one for each phase and one whose phase is another at each start, are killed
 * with signal 9 while they write, open, recover, switch over, backfill or checkpoint.
 */
class CrashLoopTest {

    @TempDir
    Path directory;

    @Test
    void killedAtAnyInstantEveryPhaseKeepsWhatItAcknowledged() throws Exception {
        run(4, 1);
    }

    /** {@code -Dswitchover.crash.kills} says how often, {@code -Dswitchover.crash.seed} repeats a run as far as a run repeats. */
    @Test
    @Tag("slow")
    void killedThousandsOfTimesEveryPhaseKeepsWhatItAcknowledged() throws Exception {
        run(
                Integer.getInteger("switchover.crash.kills", 2_000),
                Long.getLong("switchover.crash.seed", System.nanoTime()));
    }

    private void run(int kills, long seed) throws Exception {
        System.out.println("crash loop, seed " + seed);
        try (CrashLoop loop = new CrashLoop(directory, seed)) {
            try {
                loop.run(kills);
            } finally {
                System.out.println("crash loop: " + loop.report());
            }
        }
    }
}
