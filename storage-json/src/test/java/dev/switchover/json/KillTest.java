package dev.switchover.json;

import dev.switchover.json.LockTest.Child;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {

    @TempDir
    Path directory;

    @Test
    void killedAgainAndAgainItKeepsWhatItAcknowledged() throws Exception {
        rounds(15, new Random(1));
    }

    @Test
    @Tag("slow")
    void killedForLongItKeepsWhatItAcknowledged() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        rounds(300, new Random(seed));
    }

    private void rounds(int rounds, Random random) throws Exception {
        SavedTitles titles = new SavedTitles();
        long from = 1;
        for (int round = 0; round < rounds; round++) {
            titles.lifeBegins(from);
            try (Child child = Child.start(ChildProcess.Saving.class, directory, Long.toString(from))) {
                int lines = 1 + random.nextInt(200);
                for (int i = 0; i < lines; i++) {
                    titles.note(child.line());
                }
                child.kill();
                for (String line = child.line(); line != null; line = child.line()) {
                    titles.note(line);
                }
            }
            titles.judge(directory, round);
            from += 1_000_000;
        }
    }
}
