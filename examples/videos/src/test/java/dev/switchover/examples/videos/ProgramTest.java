package dev.switchover.examples.videos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.embedded.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: what it says when it cannot do what it was told. */
class ProgramTest {

    @TempDir
    Path root;

    @Test
    void theProgramTellsWhatIsWrongInOneMessage() {
        for (List<String> arguments :
                List.of(List.of("fly"), List.of("process"), List.of("process", "nothing.txt"), List.of("publish"))) {
            try (ChildJvm child = ChildJvm.start(
                    Main.class,
                    Map.of("DATA_DIR", root.resolve("data").toString()),
                    arguments.toArray(String[]::new))) {
                assertThat(child.exitCode()).as(child.err()).isEqualTo(2);
                assertThat(child.err()).startsWith("videos: ").doesNotContain("\tat ");
            }
        }
        assertThat(root.resolve("data")).doesNotExist();
    }
}
