package dev.switchover.examples.materials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service through all four phases and back, looked at from outside. */
class PhasesTest {

    private static final List<Phase> PATH =
            List.of(Phase.JSON_ONLY, Phase.JSON_PRIMARY, Phase.DB_PRIMARY, Phase.DB_ONLY, Phase.JSON_ONLY);

    @TempDir
    Path directory;

    @Test
    void everyPhaseServesTheDocumentAsItWasAndKeepsWhatIsWritten() throws Exception {
        SampleData.copyTo(directory);
        try (TestDatabase database = TestDatabase.create()) {
            String expected = Files.readString(directory.resolve("materials.json"));
            int edits = 0;
            for (Phase phase : PATH) {
                String stores;
                try (RunningService service = start(phase, database)) {
                    Client client = service.client();
                    assertThat(client.document())
                            .as("at the start of %s", phase)
                            .isEqualTo(expected);
                    assertThat(client.history()).hasSize(edits);

                    expected = edited(client, expected, phase);
                    edits += 2;
                    expected = replaced(client, expected, phase);
                    assertThat(client.history()).hasSize(edits);
                    settled(service, phase);
                    stores = stores(database);
                    refusedEditsChangeNothing(client);
                    assertThat(client.document()).isEqualTo(expected);
                }
                assertThat(stores(database)).as("both stores after %s", phase).isEqualTo(stores);
                if (phase != Phase.DB_ONLY) {
                    assertThat(Files.readString(directory.resolve("materials.json")))
                            .as("the file after %s", phase)
                            .isEqualTo(expected);
                }
            }
        }
    }

    /** Two cells get another value; everything else has its text, digit by digit. */
    private static String edited(Client client, String document, Phase phase) throws IOException {
        JsonNode before = Json.MAPPER.readTree(document);
        String price = text(before, "/sections/1/items/0/price/ttc");
        String comment = text(before, "/sections/0/items/0/comments/client");
        String newPrice = price.replaceFirst("^\\d", "$07");
        String newComment = "\"é\\n\\\"" + phase + "\\\"\"";

        assertThat(client.patch("bathroom", 0, "price.ttc", newPrice).status()).isEqualTo(200);
        Client.Answer second = client.patch("kitchen", 0, "comments.client", newComment);
        assertThat(second.status()).as(second.text()).isEqualTo(200);
        assertThat(second.json().path("after").textValue()).isEqualTo("é\n\"" + phase + "\"");

        String now = client.document();
        assertThat(now)
                .isEqualTo(document.replace("\"ttc\": " + price, "\"ttc\": " + newPrice)
                        .replace("\"client\": " + comment, "\"client\": " + newComment));
        JsonNode history = client.history();
        assertThat(history.get(history.size() - 2).path("before").toString()).isEqualTo(price);
        assertThat(history.get(history.size() - 1).path("after").toString()).isEqualTo(newComment);
        return now;
    }

    private static String text(JsonNode tree, String pointer) {
        return new String(Json.bytes(tree.at(pointer)), StandardCharsets.UTF_8);
    }

    /** A section goes, one comes, the order changes, and so does what is around them. */
    private static String replaced(Client client, String document, Phase phase) throws IOException {
        ObjectNode wanted = (ObjectNode) Json.MAPPER.readTree(document);
        ArrayNode sections = (ArrayNode) wanted.get("sections");
        sections.add(sections.remove(0));
        wanted.put("phase", phase.name());
        sections.addObject().put("id", "after-" + phase + PATH.indexOf(phase)).putArray("items");
        Client.Answer answer = client.put(wanted.toString());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);

        String now = client.document();
        assertThat(Json.MAPPER.readTree(now).toString()).isEqualTo(wanted.toString());
        assertThat(client.put(now).status()).isEqualTo(200);
        assertThat(client.document()).isEqualTo(now);
        // Back to where the first section is the kitchen, for the next phase.
        sections.remove(sections.size() - 1);
        sections.insert(0, sections.remove(sections.size() - 1));
        assertThat(client.put(wanted.toString()).status()).isEqualTo(200);
        return client.document();
    }

    /** Until both stores are as they will stay. */
    private void settled(RunningService service, Phase phase) {
        assertThat(service.storage().awaitInSync(Duration.ofSeconds(20))).isTrue();
        if (phase != Phase.DB_ONLY) {
            Client client = service.client();
            String document = client.document();
            String history = client.get("/api/edit-history").text();
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptionsInstanceOf(NoSuchFileException.class)
                    .untilAsserted(() -> {
                        assertThat(Files.readString(directory.resolve("materials.json")))
                                .isEqualTo(document);
                        assertThat(Files.readString(directory.resolve("edit-history.json")))
                                .isEqualTo(history);
                    });
        }
    }

    private static void refusedEditsChangeNothing(Client client) {
        for (Client.Answer refused : List.of(
                client.patch("kitchen", 0, "price.ttc", "\"cheap\""),
                client.patch("kitchen", 0, "price.ttc", "-1"),
                client.patch("kitchen", 0, "product", "null"),
                client.patch("kitchen", 0, "price.tcc", "1"),
                client.patch("kitchen", 0, "order.orderDate", "\"tomorrow\""),
                client.patch("kitchen", 0, "supplierLink", "\"javascript:alert(1)\""),
                client.patch("kitchen", 0, "comments.client", "\"\\u0000\""),
                client.patch("kitchen", 0, "comments.client", "\"\\ud800\""),
                client.put("{\"sections\": [{\"id\": \"a\", \"items\": []}, {\"id\": \"a\", \"items\": []}]}"),
                client.put("{\"sections\": [{\"id\": \"a\", \"items\": [1]}]}"),
                client.put("{\"sections\": [{\"id\": \"a\\u0000\", \"items\": []}]}"),
                client.put("{\"currency\": \"EUR\"}"),
                client.put("not JSON"))) {
            assertThat(refused.status()).as(refused.text()).isEqualTo(422);
            assertThat(refused.json().path("detail").textValue()).isNotEmpty();
        }
        assertThat(client.patch("cellar", 0, "price.ttc", "1").status()).isEqualTo(404);
        assertThat(client.patch("terrace", 0, "price.ttc", "1").status()).isEqualTo(404);
    }

    private RunningService start(Phase phase, TestDatabase database) {
        return RunningService.start(directory, RunningService.variables(phase, database.url()));
    }

    /** What lies in both, versions included. */
    private String stores(TestDatabase database) throws IOException, SQLException {
        StringBuilder all = new StringBuilder();
        for (String file : List.of("materials.json", "edit-history.json")) {
            Path path = directory.resolve(file);
            all.append(Files.exists(path) ? Files.readString(path) : "").append('\n');
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String table : List.of("sections", "edits")) {
                if (!exists(statement, table)) {
                    continue;
                }
                try (ResultSet rows = statement.executeQuery(
                        "SELECT id, switchover_version, switchover_order, body FROM " + table + " ORDER BY id")) {
                    while (rows.next()) {
                        all.append(rows.getString(1)).append(' ').append(rows.getLong(2));
                        all.append(' ').append(rows.getLong(3)).append(' ').append(rows.getString(4));
                        all.append('\n');
                    }
                }
            }
        }
        return all.toString();
    }

    private static boolean exists(Statement statement, String table) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
