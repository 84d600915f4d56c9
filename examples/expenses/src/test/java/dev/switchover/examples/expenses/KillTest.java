package dev.switchover.examples.expenses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.examples.embedded.Acknowledged;
import dev.switchover.examples.embedded.ChildJvm;
import dev.switchover.examples.embedded.KillRounds;
import dev.switchover.examples.expenses.ServiceClient.Answer;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process that is killed at any moment while it is written to, in phases that follow each other at random. */
class KillTest {

    private static final Pattern LISTENING = Pattern.compile("Listening on http://127\\.0\\.0\\.1:([0-9]+)");
    private static final int WRITERS = 4;

    @TempDir
    Path directory;

    private final Acknowledged acknowledged = new Acknowledged();
    private final AtomicInteger numbers = new AtomicInteger();

    @Test
    void everyAcknowledgedExpenseIsThereAfterAKillInEachPhase() throws Exception {
        // This seed kills the third one while it starts.
        kill(List.of(Phase.JSON_PRIMARY, Phase.DB_PRIMARY, Phase.JSON_ONLY, Phase.DB_ONLY), 500, 20);
    }

    @Test
    @Tag("slow")
    void everyAcknowledgedExpenseIsThereAfterManyKills() throws Exception {
        long seed = Long.getLong("switchover.kills.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Phase> phases = IntStream.range(0, Integer.getInteger("switchover.kills", 100))
                .mapToObj(round -> Phase.values()[random.nextInt(Phase.values().length)])
                .toList();
        kill(phases, 1_500, seed);
    }

    private void kill(List<Phase> phases, int longest, long seed) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            KillRounds<Phase> rounds = new KillRounds<>(new Expenses(database), acknowledged, WRITERS, longest);
            System.out.println("kills of expenses, seed " + seed);
            rounds.play(phases, seed);

            try (RunningService last =
                    RunningService.start(directory, RunningService.environment(Phase.DB_PRIMARY, database.url()))) {
                compare(last.client());
                assertThat(last.storage().awaitInSync(Duration.ofSeconds(30))).isTrue();
                assertThat(last.storage().verify()).allMatch(VerificationReport::inStep);
            }
            System.out.println(phases.size() + " kills, " + rounds.whileStarting() + " of them while starting; "
                    + acknowledged.answers() + " writes acknowledged");
            assertThat(acknowledged.answers()).isPositive();
        }
    }

    private void compare(ServiceClient client) {
        Map<String, String> found = new HashMap<>();
        for (JsonNode expense : client.get("/api/v1/expense").json()) {
            String twice = found.put(
                    expense.get("notes").textValue(),
                    expense.get("amount").decimalValue().toPlainString());
            assertThat(twice).isNull();
        }
        acknowledged.compare(found);
    }

    private final class Expenses implements KillRounds.Service<Phase> {

        private final TestDatabase database;

        Expenses(TestDatabase database) {
            this.database = database;
        }

        @Override
        public ChildJvm start(Phase phase) {
            Map<String, String> environment = RunningService.environment(phase, database.url());
            environment.putAll(Map.of("DATA_DIR", directory.toString(), "PORT", "0"));
            return ChildJvm.start(Main.class, environment);
        }

        @Override
        public void awaitAndCompare(ChildJvm child) {
            compare(client(child));
        }

        /** Creates expenses, changes every second one and deletes every third. */
        @Override
        public void write(ChildJvm child, int writer) {
            ServiceClient client = client(child);
            try {
                while (true) {
                    int number = numbers.incrementAndGet();
                    String note = "expense " + number;
                    long id = create(client, note, number + ".10");
                    if (number % 2 == 0) {
                        send(client, "PUT", id, "{\"amount\": " + number + ".20}", note, Optional.of(number + ".20"));
                    }
                    if (number % 3 == 0) {
                        send(client, "DELETE", id, "", note, Optional.empty());
                    }
                }
            } catch (UncheckedIOException killed) {
                // What this test is about.
            }
        }

        private static ServiceClient client(ChildJvm child) {
            return new ServiceClient(Integer.parseInt(child.awaitLine(LISTENING)));
        }
    }

    private long create(ServiceClient client, String note, String amount) {
        acknowledged.sending(note, Optional.of(amount));
        Answer answer = client.post(
                "/api/v1/expense",
                "{\"date\": \"2026-03-01\", \"category\": \"food\", \"account\": \"cash\", \"amount\": " + amount
                        + ", \"notes\": \"" + note + "\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        acknowledged.done(note, Optional.of(amount));
        return answer.json().at("/expense/id").longValue();
    }

    private void send(ServiceClient client, String method, long id, String body, String note, Optional<String> value) {
        acknowledged.sending(note, value);
        Answer answer = client.send(method, "/api/v1/expense/" + id, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        acknowledged.done(note, value);
    }
}
