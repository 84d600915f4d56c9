package dev.switchover.examples.videos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.embedded.ChildJvm;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Web page and command line as processes of their own, killed while videos are processed. */
class KillTest {

    private static final Pattern LISTENING = Pattern.compile("Listening on (http://127\\.0\\.0\\.1:[0-9]+)");
    private static final int VIDEOS = 400;
    private static final int BEFORE_THE_KILL = 40;
    private static final int ROUNDS = 5;

    @TempDir
    Path root;

    /** Where JSON leads the web process writes, otherwise the command line does. */
    @ParameterizedTest
    @EnumSource(Phase.class)
    void everyAcknowledgedVideoIsThereAfterTheWriterWasKilled(Phase phase) throws IOException {
        try (TestDatabase database = TestDatabase.create()) {
            List<String> acknowledged =
                    phase.databasePhase() ? killCommandLine(phase, database) : killWebProcess(phase, database);

            assertAllThere(phase, database, acknowledged);
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Phase.class)
    void everyAcknowledgedVideoIsThereAfterBothWereKilled(Phase phase) throws IOException {
        try (TestDatabase database = TestDatabase.create()) {
            for (int round = 0; round < ROUNDS; round++) {
                List<String> acknowledged;
                Map<String, String> environment = environment(phase, database);
                try (ChildJvm web = ChildJvm.start(Main.class, environment, "serve")) {
                    environment.put("VIDEOS_URL", web.awaitLine(LISTENING));
                    try (ChildJvm line = ChildJvm.start(Main.class, environment, arguments("r" + round))) {
                        awaitStored(line);
                        web.kill();
                        line.kill();
                        acknowledged = stored(line);
                    }
                }
                assertAllThere(phase, database, acknowledged);
            }
        }
    }

    private List<String> killCommandLine(Phase phase, TestDatabase database) throws IOException {
        try (ChildJvm line = ChildJvm.start(Main.class, environment(phase, database), arguments("v"))) {
            awaitStored(line);
            line.kill();
            return stored(line);
        }
    }

    private List<String> killWebProcess(Phase phase, TestDatabase database) throws IOException {
        try (ChildJvm web = ChildJvm.start(Main.class, environment(phase, database), "serve")) {
            URI address = URI.create(web.awaitLine(LISTENING));
            Settings settings = new Settings("127.0.0.1", 0, directory(), RunningWeb.TOKEN, address);
            Thread killer = new Thread(web::kill, "killer");
            List<String> acknowledged = new ArrayList<>();
            try (VideoSink line = SinkChoice.open(settings, RunningWeb.variables(phase, database.url()))) {
                while (true) {
                    String id = "v" + acknowledged.size();
                    line.store(RunningWeb.video(id, "[00:05] John 3:16 and Mark"));
                    acknowledged.add(id);
                    if (acknowledged.size() == BEFORE_THE_KILL) {
                        killer.start();
                    }
                }
            } catch (IOException gone) {
                assertThat(acknowledged).as(gone.toString()).hasSizeGreaterThanOrEqualTo(BEFORE_THE_KILL);
                return acknowledged;
            }
        }
    }

    private void assertAllThere(Phase phase, TestDatabase database, List<String> acknowledged) throws IOException {
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(BEFORE_THE_KILL);
        try (RunningWeb again = RunningWeb.start(directory(), RunningWeb.variables(phase, database.url()))) {
            assertThat(again.ids()).containsAll(acknowledged);
            assertThat(again.storage().awaitInSync(Duration.ofSeconds(30))).isTrue();
        }
        // In DB_ONLY a start exports, too.
        assertThat(Files.readString(directory().resolve(Videos.FILE)))
                .contains(acknowledged.stream().map(id -> "\"" + id + "\":").toList());
    }

    private Path directory() {
        return root.resolve("data");
    }

    private Map<String, String> environment(Phase phase, TestDatabase database) {
        Map<String, String> environment = new HashMap<>(RunningWeb.environment(phase, database.url()));
        environment.putAll(Map.of("DATA_DIR", directory().toString(), "PORT", "0", "ADMIN_TOKEN", RunningWeb.TOKEN));
        return environment;
    }

    private static void awaitStored(ChildJvm line) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> stored(line).size() >= BEFORE_THE_KILL);
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

    private String[] arguments(String prefix) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("process"));
        for (int i = 0; i < VIDEOS; i++) {
            Path file = root.resolve(prefix + i + ".txt");
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
