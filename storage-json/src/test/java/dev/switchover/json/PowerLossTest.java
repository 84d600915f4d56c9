package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.LockTest.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cuts the power of a real file system under a process that writes. Needs root, Linux and loop devices; elsewhere it is skipped
 * and says so. {@code src/test/scripts/power-loss.sh} does the mounting.
 */
@Tag("slow")
class PowerLossTest {

    private static final int CANNOT = 77;

    @TempDir
    Path directory;

    /** {@code -Dswitchover.power.losses} says how often. */
    @Test
    void whatWasAcknowledgedIsThereWhenThePowerComesBack() throws Exception {
        Path image = directory.resolve("disk.img");
        Path disk = Files.createDirectory(directory.resolve("disk"));
        String reason = script(CANNOT, "mount", image.toString(), disk.toString());
        Assumptions.assumeTrue(reason.isEmpty(), reason);
        try {
            SavedTitles titles = new SavedTitles();
            Random random = new Random();
            int losses = Integer.getInteger("switchover.power.losses", 40);
            for (int round = 0; round < losses; round++) {
                lose(image, disk, titles, round, random);
            }
            System.out.println("power cut " + losses + " times, " + titles.acknowledged() + " writes acknowledged");
            assertThat(titles.acknowledged()).isGreaterThan(losses);
        } finally {
            script(0, "unmount", disk.toString());
        }
    }

    private void lose(Path image, Path disk, SavedTitles titles, int round, Random random) throws Exception {
        Path home = disk.resolve("home");
        long from = 1 + round * 1_000_000L;
        titles.lifeBegins(from);
        try (Child child = Child.start(ChildProcess.Saving.class, home, Long.toString(from))) {
            int lines = 1 + random.nextInt(300);
            for (int i = 0; i < lines; i++) {
                titles.note(child.line());
            }
            script(0, "cut", disk.toString());
            child.kill();
            for (String line = child.line(); line != null; line = child.line()) {
                titles.note(line);
            }
        }
        script(0, "again", image.toString(), disk.toString());
        titles.judge(home, round);
    }

    /** @return what it said, if it ended with {@code allowed} and that is not 0 */
    private String script(int allowed, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "src/test/scripts/power-loss.sh"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = process.waitFor();
        if (code != 0 && code == allowed) {
            System.err.println("SKIPPED: PowerLossTest, " + said);
            return said;
        }
        assertThat(code).as("power-loss.sh %s: %s", arguments[0], said).isZero();
        return "";
    }
}
