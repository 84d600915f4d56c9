package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.testing.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenDiskTest {

    @TempDir
    Path directory;

    @Test
    void theStoryItselfEndsWell() throws IOException {
        Path home = home("sound");
        Story story = new Story(home, FaultyDisk.sound(home));
        story.live();
        assertThat(story.acknowledged()).isEqualTo(9);
        story.judge("sound disk");
    }

    @Test
    void aCrashAtAnyCallLosesNothingAcknowledgedAndBringsNothingRefused() throws IOException {
        int calls = calls();
        for (int n = 1; n <= calls; n++) {
            Path home = home("crash" + n);
            Story story = new Story(home, FaultyDisk.stoppingAt(home, n));
            story.live();
            story.judge("stopped at call " + n);
        }
    }

    @Test
    void aPowerLossAtAnyCallLosesNothingAcknowledged() throws IOException {
        int calls = calls();
        for (int n = 1; n <= calls + 1; n++) {
            for (int seed = 0; seed < 2; seed++) {
                Path home = home("power" + n + "-" + seed);
                FaultyDisk disk = FaultyDisk.stoppingAt(home, n);
                Story story = new Story(home, disk);
                story.live();
                disk.losePower(new Random(seed));
                story.judge("power lost at call " + n + ", seed " + seed);
            }
        }
    }

    @Test
    void oneFailureAtAnyCallLosesNothingAndTheStoreWorksAgain() throws IOException {
        int calls = calls();
        for (int n = 1; n <= calls; n++) {
            Path home = home("once" + n);
            FaultyDisk disk = FaultyDisk.failingOnceAt(home, n);
            Story story = new Story(home, disk);
            story.live();
            story.judge("failed once at call " + n + " " + disk.log().get(n - 1));
        }
    }

    /** A failed force throws away what it did not write: a second one that succeeds proves nothing. */
    @Test
    void aPowerLossAfterAFailedForceLosesNothingAcknowledgedInBetween() throws IOException {
        Path sound = home("sound");
        FaultyDisk counting = FaultyDisk.sound(sound);
        new Story(sound, counting).liveToTheEndOfPower();
        List<String> calls = counting.log();
        for (int n = 1; n <= calls.size(); n++) {
            if (calls.get(n - 1).startsWith("force")) {
                Path home = home("later" + n);
                FaultyDisk disk = FaultyDisk.failingOnceAt(home, n);
                Story story = new Story(home, disk);
                story.liveToTheEndOfPower();
                disk.losePower(new Random(n));
                story.judge("failed once at call " + n + " " + calls.get(n - 1) + ", then power lost");
            }
        }
    }

    @Test
    void afterOneFailureTheLastWriteIsAcknowledged() throws IOException {
        Path sound = home("counting");
        Story undisturbed = new Story(sound, FaultyDisk.sound(sound));
        undisturbed.live();
        for (int n = 1; n <= undisturbed.callsBeforeLastWrite(); n++) {
            Path home = home("again" + n);
            FaultyDisk disk = FaultyDisk.failingOnceAt(home, n);
            Story story = new Story(home, disk);
            story.live();
            assertThat(story.lastWasAcknowledged())
                    .as("failed once at call %s %s", n, disk.log().get(n - 1))
                    .isTrue();
        }
    }

    private int calls() throws IOException {
        Path home = home("counting");
        FaultyDisk disk = FaultyDisk.sound(home);
        new Story(home, disk).live();
        return disk.calls();
    }

    private Path home(String name) throws IOException {
        Path home = Files.createDirectory(directory.resolve(name));
        Story.prepare(home);
        return home;
    }
}
