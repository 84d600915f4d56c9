package dev.switchover.examples.videos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.examples.embedded.Acknowledged;
import dev.switchover.examples.embedded.ChildJvm;
import dev.switchover.examples.embedded.KillRounds;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Web page and command line as processes that are killed at any moment while both write, in phases that follow each other at
 * random.
 */
class KillTest {

    private static final Pattern LISTENING = Pattern.compile("Listening on (http://127\\.0\\.0\\.1:[0-9]+)");
    private static final int WRITERS = 3;
    private static final int TRANSCRIPTS = 60;
    private static final int COMMAND_LINE_OUTLIVES_MILLIS = 1_000;
    /** SIGKILL, as the JVM tells it. */
    private static final int KILLED = 137;

    @TempDir
    Path root;

    private final Acknowledged acknowledged = new Acknowledged();
    private final AtomicInteger numbers = new AtomicInteger();

    /** Where JSON leads the web process writes what the command line has, otherwise the command line does. */
    @Test
    void everyAcknowledgedVideoIsThereAfterAKillOnEachSide() throws Exception {
        kill(List.of(Phase.JSON_PRIMARY, Phase.DB_PRIMARY), 1_500, 20);
    }

    @Test
    @Tag("slow")
    void everyAcknowledgedVideoIsThereAfterManyKills() throws Exception {
        long seed = Long.getLong("switchover.kills.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Phase> phases = IntStream.range(0, Integer.getInteger("switchover.kills", 100))
                .mapToObj(round -> Phase.values()[random.nextInt(Phase.values().length)])
                .toList();
        kill(phases, 3_000, seed);
    }

    private void kill(List<Phase> phases, int longest, long seed) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            KillRounds<Phase> rounds =
                    new KillRounds<>(new BothProcesses(database, seed), acknowledged, WRITERS, longest);
            System.out.println("kills of videos, seed " + seed);
            rounds.play(phases, seed);

            try (RunningWeb last =
                    RunningWeb.start(directory(), RunningWeb.variables(Phase.DB_PRIMARY, database.url()))) {
                compare(last.get(VideoApi.PATH).json());
                assertThat(last.storage().awaitInSync(Duration.ofSeconds(30))).isTrue();
                assertThat(last.storage().verify()).allMatch(VerificationReport::inStep);
            }
            String file = Files.readString(directory().resolve(Videos.FILE));
            assertThat(Base64.getMimeDecoder()
                            .decode(Files.readAllBytes(directory().resolve(Videos.COPY))))
                    .asString()
                    .isEqualTo(file);
            System.out.println(phases.size() + " kills, " + rounds.whileStarting() + " of them while starting; "
                    + acknowledged.answers() + " videos acknowledged");
            assertThat(acknowledged.answers()).isPositive();
        }
    }

    private void compare(JsonNode videos) {
        Map<String, String> found = new HashMap<>();
        videos.forEach(video ->
                found.put(video.get("video_id").textValue(), video.get("title").textValue()));
        assertThat(found).hasSize(videos.size());
        acknowledged.compare(found);
    }

    private Path directory() {
        return root.resolve("data");
    }

    private final class BothProcesses implements KillRounds.Service<Phase> {

        private final TestDatabase database;
        private final Random random;
        private Map<String, String> environment = Map.of();

        BothProcesses(TestDatabase database, long seed) {
            this.database = database;
            this.random = new Random(seed);
        }

        @Override
        public ChildJvm start(Phase phase) {
            environment = new HashMap<>(RunningWeb.environment(phase, database.url()));
            environment.putAll(
                    Map.of("DATA_DIR", directory().toString(), "PORT", "0", "ADMIN_TOKEN", RunningWeb.TOKEN));
            return ChildJvm.start(Main.class, environment, "serve");
        }

        @Override
        public void awaitAndCompare(ChildJvm web) {
            compare(new VideoClient(address(web)).get(VideoApi.PATH).json());
        }

        @Override
        public void write(ChildJvm web, int writer) throws IOException {
            if (writer == 0) {
                process(web);
                return;
            }
            VideoClient http = new VideoClient(address(web));
            try {
                while (true) {
                    send(http);
                }
            } catch (UncheckedIOException killed) {
                // What this test is about.
            }
        }

        /** Some time after the web process the command line is killed too, unless it has done everything by then. */
        private void process(ChildJvm web) throws IOException {
            Map<String, String> files = transcripts();
            files.keySet().forEach(id -> acknowledged.sending(id, Optional.of(id)));
            Map<String, String> variables = new HashMap<>(environment);
            variables.put("VIDEOS_URL", address(web).toString());
            List<String> arguments = new ArrayList<>(List.of("process"));
            arguments.addAll(files.values());
            try (ChildJvm line = ChildJvm.start(Main.class, variables, arguments.toArray(String[]::new))) {
                web.exitCode();
                CompletableFuture.runAsync(
                                line::kill,
                                CompletableFuture.delayedExecutor(
                                        random.nextInt(COMMAND_LINE_OUTLIVES_MILLIS), TimeUnit.MILLISECONDS))
                        .join();
                assertThat(line.exitCode()).as(line.err()).isIn(0, 1, KILLED);
                stored(line).forEach(id -> acknowledged.done(id, Optional.of(id)));
            }
        }

        private Map<String, String> transcripts() throws IOException {
            Map<String, String> files = new HashMap<>();
            for (int i = 0; i < TRANSCRIPTS; i++) {
                String id = "line-" + numbers.incrementAndGet();
                Path file = root.resolve(id + ".txt");
                Files.writeString(file, "title: " + id + "\n[00:05] John 3:16 and Mark\n");
                files.put(id, file.toString());
            }
            return files;
        }

        private static URI address(ChildJvm web) {
            return URI.create(web.awaitLine(LISTENING));
        }
    }

    /** Stores a video, stores every second one again, and deletes every third. */
    private void send(VideoClient http) {
        int number = numbers.incrementAndGet();
        String id = "web-" + number;
        store(http, id, "one");
        if (number % 2 == 0) {
            store(http, id, "two");
        }
        if (number % 3 == 0) {
            acknowledged.sending(id, Optional.empty());
            VideoClient.Answer answer = http.delete(id);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            acknowledged.done(id, Optional.empty());
        }
    }

    private void store(VideoClient http, String id, String title) {
        acknowledged.sending(id, Optional.of(title));
        VideoClient.Answer answer = http.put(RunningWeb.video(id, "title: " + title, "[00:05] John 3:16 and Mark"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        acknowledged.done(id, Optional.of(title));
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
