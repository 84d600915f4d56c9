package dev.switchover.examples.videos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Web page and command line as processes of their own, killed while videos are processed. */
class KillTest {

    private static final Pattern LISTENING = Pattern.compile("Listening on (http://127\\.0\\.0\\.1:[0-9]+)");
    private static final int VIDEOS = 400;
    private static final int BEFORE_THE_KILL = 40;

    @TempDir
    Path root;

    @ParameterizedTest
    @EnumSource(Phase.class)
    void everyAcknowledgedVideoIsThereAfterKillsDuringProcessing(Phase phase) throws IOException {
        Path directory = root.resolve("data");
        try (TestDatabase database = TestDatabase.create()) {
            Map<String, String> environment = new HashMap<>(RunningWeb.environment(phase, database.url()));
            environment.putAll(Map.of("DATA_DIR", directory.toString(), "PORT", "0", "ADMIN_TOKEN", RunningWeb.TOKEN));
            List<String> acknowledged;
            try (ChildJvm web = ChildJvm.start(Main.class, environment, "serve")) {
                environment.put("VIDEOS_URL", web.awaitLine(LISTENING));
                try (ChildJvm line = ChildJvm.start(Main.class, environment, arguments())) {
                    Awaitility.await()
                            .atMost(Duration.ofSeconds(60))
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> stored(line).size() >= BEFORE_THE_KILL);
                    // Where JSON leads the web process is the one that writes.
                    if (phase.databasePhase()) {
                        line.kill();
                        web.kill();
                    } else {
                        web.kill();
                        assertThat(line.exitCode()).as(line.err()).isEqualTo(1);
                        assertThat(line.err()).contains("not stored");
                    }
                    acknowledged = stored(line);
                }
            }
            assertThat(acknowledged).hasSizeBetween(BEFORE_THE_KILL, VIDEOS - 1);

            try (RunningWeb again = RunningWeb.start(directory, RunningWeb.variables(phase, database.url()))) {
                assertThat(again.ids()).containsAll(acknowledged);
                assertThat(again.storage().awaitInSync(Duration.ofSeconds(30))).isTrue();
            }
            if (phase == Phase.DB_PRIMARY) {
                assertThat(Files.readString(directory.resolve(Videos.FILE)))
                        .contains(acknowledged.stream()
                                .map(id -> "\"" + id + "\":")
                                .toList());
            }
        }
    }

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

    private String[] arguments() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("process"));
        for (int i = 0; i < VIDEOS; i++) {
            Path file = root.resolve("v" + i + ".txt");
            Files.writeString(file, "title: " + i + "\n[00:05] John 3:16 and Mark\n");
            arguments.add(file.toString());
        }
        return arguments.toArray(String[]::new);
    }

    private static List<String> stored(ChildJvm line) {
        String out = line.out();
        // The kill may have torn the last line.
        return out.substring(0, out.lastIndexOf('\n') + 1)
                .lines()
                .filter(text -> text.startsWith("stored "))
                .map(text -> text.substring("stored ".length()))
                .toList();
    }
}
