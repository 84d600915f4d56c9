package dev.switchover.examples.materials;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.examples.embedded.ChildJvm;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The service in a process of its own, killed while it acknowledges. */
class KillTest {

    private static final int WRITERS = 4;
    private static final int ACKNOWLEDGED = 150;
    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

    @TempDir
    Path directory;

    @Test
    void everyAcknowledgedEditIsThereAfterTheRestart() throws Exception {
        killedAndStartedAgain(Phase.DB_PRIMARY);
    }

    @ParameterizedTest
    @EnumSource(names = "DB_PRIMARY", mode = EnumSource.Mode.EXCLUDE)
    @Tag("slow")
    void inEveryPhase(Phase phase) throws Exception {
        killedAndStartedAgain(phase);
    }

    private void killedAndStartedAgain(Phase phase) throws Exception {
        SampleData.copyTo(directory);
        try (TestDatabase database = TestDatabase.create()) {
            Map<String, String> variables = RunningService.variables(phase, database.url());
            Map<Long, Acknowledged> acknowledged = editUntilKilled(variables);

            try (RunningService service = RunningService.start(directory, variables)) {
                Client client = service.client();
                Map<Long, JsonNode> history = new HashMap<>();
                client.history().forEach(edit -> history.put(edit.path("id").longValue(), edit));
                acknowledged.forEach((id, edit) -> {
                    assertThat(history).as("edit %s, of %s", id, edit).containsKey(id);
                    assertThat(history.get(id).path("after").textValue()).isEqualTo(edit.value());
                    assertThat(history.get(id).path("field").textValue()).isEqualTo(edit.field());
                });
                cellsHoldWhatTheHistorySays(Json.MAPPER.readTree(client.document()), history);
            }
        }
    }

    /** An edit that was not acknowledged may have happened too, but then both of it. */
    private static void cellsHoldWhatTheHistorySays(JsonNode document, Map<Long, JsonNode> history) {
        Map<String, JsonNode> last = new HashMap<>();
        history.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> last.put(
                        entry.getValue().path("field").textValue(),
                        entry.getValue().path("after")));
        last.forEach((field, value) -> assertThat(document.at("/sections/0/items/0/" + field.replace('.', '/')))
                .as(field)
                .isEqualTo(value));
    }

    private record Acknowledged(String field, String value) {}

    private Map<Long, Acknowledged> editUntilKilled(Map<String, String> variables) throws InterruptedException {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("DATA_DIR", directory.toString());
        environment.put("PORT", "0");
        environment.put("LOGGING_LEVEL_ROOT", "INFO");
        Map<Long, Acknowledged> acknowledged = new ConcurrentHashMap<>();
        try (ChildJvm child = ChildJvm.start(MaterialsApplication.class, environment)) {
            Client client = new Client(Integer.parseInt(child.awaitLine(STARTED)));
            CountDownLatch enough = new CountDownLatch(ACKNOWLEDGED);
            List<Thread> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                String field = "comments.writer" + writer;
                writers.add(new Thread(() -> edit(client, field, acknowledged, enough)));
            }
            writers.forEach(Thread::start);
            assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
            child.kill();
            for (Thread writer : writers) {
                writer.join();
            }
        }
        return acknowledged;
    }

    /** All of them in one section, so that they meet. Until the service is gone. */
    private static void edit(Client client, String field, Map<Long, Acknowledged> acknowledged, CountDownLatch enough) {
        try {
            for (int number = 1; ; number++) {
                String value = field + " says " + number;
                Client.Answer answer = client.patch("kitchen", 0, field, '"' + value + '"');
                if (answer.status() == 200) {
                    acknowledged.put(answer.json().path("edit").longValue(), new Acknowledged(field, value));
                    enough.countDown();
                }
            }
        } catch (UncheckedIOException killed) {
            // What this test is about.
        }
    }
}
