package dev.switchover.examples.materials;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.examples.embedded.Acknowledged;
import dev.switchover.examples.embedded.ChildJvm;
import dev.switchover.examples.embedded.KillRounds;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process that is killed at any moment while it is written to, in phases that follow each other at random. */
class KillTest {

    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");
    private static final int WRITERS = 4;
    private static final String GENERATION = "generation";

    @TempDir
    Path directory;

    private final Acknowledged acknowledged = new Acknowledged();
    private final AtomicInteger numbers = new AtomicInteger();
    /** Held for writing by who replaces the document, which would undo what others changed meanwhile. */
    private final ReadWriteLock document = new ReentrantReadWriteLock(true);

    private JsonNode sample;

    @BeforeEach
    void sample() throws IOException {
        SampleData.copyTo(directory);
        sample = Json.MAPPER.readTree(Files.readString(directory.resolve("materials.json")));
    }

    @Test
    void everyAcknowledgedEditIsThereAfterAKill() throws Exception {
        kill(List.of(Phase.DB_PRIMARY), 1_000, 20);
    }

    @Test
    @Tag("slow")
    void everyAcknowledgedEditIsThereAfterManyKills() throws Exception {
        long seed = Long.getLong("switchover.kills.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Phase> phases = IntStream.range(0, Integer.getInteger("switchover.kills", 100))
                .mapToObj(round -> Phase.values()[random.nextInt(Phase.values().length)])
                .toList();
        kill(phases, 2_000, seed);
    }

    private void kill(List<Phase> phases, int longest, long seed) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            KillRounds<Phase> rounds = new KillRounds<>(new Planners(database), acknowledged, WRITERS, longest);
            System.out.println("kills of materials, seed " + seed);
            rounds.play(phases, seed);

            try (RunningService last =
                    RunningService.start(directory, RunningService.variables(Phase.DB_PRIMARY, database.url()))) {
                compare(last.client());
                assertThat(last.storage().awaitInSync(Duration.ofSeconds(30))).isTrue();
                assertThat(last.storage().verify()).allMatch(VerificationReport::inStep);
            }
            System.out.println(phases.size() + " kills, " + rounds.whileStarting() + " of them while starting; "
                    + acknowledged.answers() + " answers acknowledged");
            assertThat(acknowledged.answers()).isPositive();
        }
    }

    /** Cells, history, and what is around the sections; whatever nobody wrote is as in the sample. */
    private void compare(Client client) {
        Map<String, String> found = new HashMap<>();
        Map<String, JsonNode> last = new HashMap<>();
        for (JsonNode edit : client.history()) {
            String value = edit.path("after").textValue();
            assertThat(found.put("edit " + value, edit.path("field").textValue()))
                    .as(value)
                    .isNull();
            last.put(edit.path("field").textValue(), edit.path("after"));
        }
        ObjectNode tree = client.get("/api/materials").json().deepCopy();
        ObjectNode comments = (ObjectNode) tree.at("/sections/0/items/0/comments");
        for (int writer = 1; writer < WRITERS; writer++) {
            JsonNode value = comments.remove("writer" + writer);
            // An edit that was not acknowledged may have happened too, but then both of it.
            assertThat(value).isEqualTo(last.get("comments.writer" + writer));
            if (value != null) {
                found.put("comments.writer" + writer, value.textValue());
            }
        }
        JsonNode generation = tree.remove(GENERATION);
        if (generation != null) {
            found.put(GENERATION, generation.toString());
        }
        assertThat(tree).isEqualTo(sample);
        acknowledged.compare(found);
    }

    private final class Planners implements KillRounds.Service<Phase> {

        private final TestDatabase database;

        Planners(TestDatabase database) {
            this.database = database;
        }

        @Override
        public ChildJvm start(Phase phase) {
            Map<String, String> environment = RunningService.variables(phase, database.url());
            environment.putAll(Map.of("DATA_DIR", directory.toString(), "PORT", "0", "LOGGING_LEVEL_ROOT", "INFO"));
            return ChildJvm.start(MaterialsApplication.class, environment);
        }

        @Override
        public void awaitAndCompare(ChildJvm child) {
            compare(client(child));
        }

        /** The first one replaces the document, the others edit the same section. */
        @Override
        public void write(ChildJvm child, int writer) {
            Client client = client(child);
            try {
                while (true) {
                    if (writer == 0) {
                        replace(client);
                    } else {
                        edit(client, "comments.writer" + writer);
                    }
                }
            } catch (UncheckedIOException killed) {
                // What this test is about.
            }
        }

        private static Client client(ChildJvm child) {
            return new Client(Integer.parseInt(child.awaitLine(STARTED)));
        }
    }

    private void replace(Client client) {
        document.writeLock().lock();
        try {
            Client.Answer seen = client.get("/api/materials");
            Optional<String> generation = Optional.of(Integer.toString(numbers.incrementAndGet()));
            ObjectNode wanted = seen.json().deepCopy();
            wanted.put(GENERATION, Integer.parseInt(generation.get()));
            acknowledged.sending(GENERATION, generation);
            Client.Answer answer = client.put(wanted.toString(), "If-Match", seen.header("ETag"));
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            acknowledged.done(GENERATION, generation);
        } finally {
            document.writeLock().unlock();
        }
    }

    private void edit(Client client, String field) {
        document.readLock().lock();
        try {
            String value = "number " + numbers.incrementAndGet();
            acknowledged.sending(field, Optional.of(value));
            acknowledged.sending("edit " + value, Optional.of(field));
            Client.Answer answer = client.patch("kitchen", 0, field, '"' + value + '"');
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            acknowledged.done(field, Optional.of(value));
            acknowledged.done("edit " + value, Optional.of(field));
        } finally {
            document.readLock().unlock();
        }
    }
}
