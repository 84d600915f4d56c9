package dev.switchover.examples.materials;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked and answered, on JSON alone. */
class RequestsTest {

    private static final String DOCUMENT = """
            {"currency": "EUR", "sections": [
              {"id": "a", "label": "A", "items": [{"product": "p", "price": {"ttc": 1.10}, "laborType": "x", "order": null}]},
              {"id": "b", "label": "B", "items": []}
            ]}""";

    @TempDir
    static Path directory;

    private static RunningService service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = RunningService.start(directory, Map.of("ADMIN_TOKEN", ""));
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void begin() {
        assertThat(client.put(DOCUMENT).status()).isEqualTo(200);
    }

    @Test
    void anEditIsAnsweredAndStandsInTheHistory() throws Exception {
        Client.Answer answer = client.patch("a", 0, "price.ttc", "2.50");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).contains("\"before\":1.10").contains("\"after\":2.50");
        JsonNode history = client.history();
        JsonNode last = history.get(history.size() - 1);
        assertThat(last.path("id")).isEqualTo(answer.json().path("edit"));
        assertThat(last.path("section").textValue()).isEqualTo("a");
        assertThat(last.path("item").intValue()).isZero();
        assertThat(last.path("field").textValue()).isEqualTo("price.ttc");
        assertThat(last.path("at").textValue()).endsWith("Z");
        assertThat(document().at("/sections/0/items/0/price/ttc").toString()).isEqualTo("2.50");
    }

    @Test
    void cellsThatWereNotThereAreMadeWhereThePlannerKnowsThem() throws Exception {
        assertThat(client.patch("a", 0, "order.delivery.date", "\"2026-04-01\"").status())
                .isEqualTo(200);
        assertThat(client.patch("a", 0, "approvals.cray.replacementUrls", "[\"https://x.example/1\"]")
                        .status())
                .isEqualTo(200);

        JsonNode item = document().at("/sections/0/items/0");
        assertThat(item.at("/order/delivery/date").textValue()).isEqualTo("2026-04-01");
        assertThat(item.at("/approvals/cray/replacementUrls/0").textValue()).isEqualTo("https://x.example/1");
    }

    @Test
    void aCellThePlannerDoesNotKnowKeepsItsKind() {
        assertThat(client.patch("a", 0, "laborType", "\"y\"").status()).isEqualTo(200);
        assertThat(client.patch("a", 0, "laborType", "5").status()).isEqualTo(422);
        assertThat(client.patch("a", 0, "labourType", "\"y\"").status()).isEqualTo(422);
        assertThat(client.patch("a", 0, "price", "{}").status()).isEqualTo(422);
        assertThat(client.patch("a", 0, "product.name", "\"y\"").status()).isEqualTo(422);
    }

    @Test
    void everyProblemOfAnEditIsNamedAtOnce() {
        Client.Answer answer =
                client.send("PATCH", "/api/materials", "{\"item\": -1, \"field\": 1, \"sectoin\": \"a\"}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("detail").textValue())
                .contains("sectoin:", "section:", "item:", "field:", "value:");
        assertThat(client.patch("a", 0, "price..ttc", "1").status()).isEqualTo(422);
        assertThat(client.send("PATCH", "/api/materials", "[]").status()).isEqualTo(422);
        assertThat(client.send("PATCH", "/api/materials", "").status()).isEqualTo(422);
    }

    @Test
    void anEditOfWhatSomebodyElseChangedIsRefused() throws Exception {
        String was = "{\"section\": \"a\", \"item\": 0, \"field\": \"price.ttc\", \"value\": 3, \"was\": %s}";
        assertThat(client.send("PATCH", "/api/materials", was.formatted("9.99")).status())
                .isEqualTo(409);
        assertThat(document().at("/sections/0/items/0/price/ttc").toString()).isEqualTo("1.10");

        assertThat(client.send("PATCH", "/api/materials", was.formatted("1.10")).status())
                .isEqualTo(200);
    }

    @Test
    void aDocumentIsReplacedOnlyIfItIsTheOneThatWasSeen() {
        Client.Answer seen = client.get("/api/materials");
        String tag = seen.header("ETag");
        assertThat(client.patch("a", 0, "price.ttc", "2").status()).isEqualTo(200);

        assertThat(client.put(seen.text(), "If-Match", tag).status()).isEqualTo(409);

        Client.Answer now = client.get("/api/materials");
        assertThat(client.put(seen.text(), "If-Match", now.header("ETag")).status())
                .isEqualTo(200);
        assertThat(client.document()).contains("1.10");
    }

    @Test
    void ofTwoReplacementsAtATimeOneStands() throws Exception {
        List<String> documents = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            documents.add("{\"by\": %1$d, \"sections\": [{\"id\": \"s%1$d\", \"items\": []}]}".formatted(writer));
        }
        ExecutorService writers = Executors.newFixedThreadPool(documents.size());
        try {
            for (int round = 0; round < 10; round++) {
                // They have no section in common: only the envelope can tell one of the other.
                assertThat(client.put("{\"sections\": []}").status()).isEqualTo(200);
                List<Callable<Integer>> puts = documents.stream()
                        .map(document ->
                                (Callable<Integer>) () -> client.put(document).status())
                        .toList();
                for (Future<Integer> put : writers.invokeAll(puts)) {
                    assertThat(put.get()).isEqualTo(200);
                }
                JsonNode one = document();
                assertThat(one.toString())
                        .isIn(Set.copyOf(documents.stream()
                                .map(document -> document.replace(" ", ""))
                                .toList()));
            }
        } finally {
            writers.shutdown();
        }
    }

    @Test
    void whatIsNotThereIsAProblemToo() {
        assertThat(client.patch("nowhere", 0, "price.ttc", "1").status()).isEqualTo(404);
        assertThat(client.patch("b", 0, "price.ttc", "1").status()).isEqualTo(404);
        Client.Answer path = client.get("/api/nothing");
        assertThat(path.status()).isEqualTo(404);
        assertThat(path.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(client.send("DELETE", "/api/materials", "").status()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"number\": 1e10000, \"sections\": []}",
                "{\"sections\": [{\"id\": \"a\", \"items\": [{\"number\": 1e-10000}]}]}",
                "{\"sections\": [{\"id\": \"new\", \"items\": [{\"number\": 1e999999999}]}]}",
                "{\"number\": 1e99999999999, \"sections\": []}",
                "{\"text\": \"\\u0000\", \"sections\": []}",
                "{\"name\\u0000\": 1, \"sections\": []}",
                "{\"sections\": [], \"sections\": []}",
                "{\"sections\": [{\"items\": []}]}",
                "{\"sections\": [{\"id\": \"\", \"items\": []}]}",
                "{\"sections\": [{\"id\": 5, \"items\": []}]}",
                "{\"sections\": [{\"id\": \"a\", \"items\": []}, {\"id\": \"a\", \"items\": []}]}",
                "{\"sections\": [null]}",
            })
    void aDocumentThatCannotBeKeptIsRefusedAndChangesNothing(String document) {
        String before = client.document();

        Client.Answer answer = client.put(document);

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(client.document()).isEqualTo(before);
    }

    @Test
    void aDeepOrLongDocumentIsRefused() {
        String deep = "[".repeat(2_000) + "]".repeat(2_000);
        assertThat(client.put("{\"deep\": " + deep + ", \"sections\": []}").status())
                .isEqualTo(422);
        assertThat(client.patch("a", 0, "approvals.client.replacementUrls", deep)
                        .status())
                .isEqualTo(422);
        String longId = "x".repeat(3_000);
        assertThat(client.put("{\"sections\": [{\"id\": \"" + longId + "\", \"items\": []}]}")
                        .status())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__proto__.x",
                "constructor",
                "../product",
                "price/ttc",
                "price.ttc.x",
                "items",
                "",
                ".",
                "comments."
            })
    void aPathThatIsNoCellIsRefused(String path) {
        assertThat(client.patch("a", 0, path, "\"x\"").status()).isEqualTo(422);
    }

    @Test
    void noEditIsLostToAReplacementOfWhatWasSeenBeforeIt() throws Exception {
        int editors = 2;
        ExecutorService threads = Executors.newFixedThreadPool(editors);
        try {
            List<Future<Integer>> edits = new ArrayList<>();
            for (int editor = 0; editor < editors; editor++) {
                String field = "comments.editor" + editor;
                edits.add(threads.submit(() -> {
                    int last = 0;
                    for (int i = 1; i <= 60; i++) {
                        last = client.patch("a", 0, field, "\"" + i + "\"").status() == 200 ? i : last;
                    }
                    return last;
                }));
            }
            int generation = 0;
            int refused = 0;
            while (generation < 3 || edits.stream().anyMatch(edit -> !edit.isDone())) {
                Client.Answer seen = client.get("/api/materials");
                ObjectNode wanted = seen.json().deepCopy();
                wanted.put("generation", generation + 1);
                int status = client.put(wanted.toString(), "If-Match", seen.header("ETag"))
                        .status();
                assertThat(status).isIn(200, 409);
                generation += status == 200 ? 1 : 0;
                refused += status == 409 ? 1 : 0;
            }

            assertThat(refused).isPositive();
            assertThat(document().path("generation").intValue()).isEqualTo(generation);
            for (int editor = 0; editor < editors; editor++) {
                assertThat(document()
                                .at("/sections/0/items/0/comments/editor" + editor)
                                .textValue())
                        .isEqualTo(Integer.toString(edits.get(editor).get()));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aBodyWithoutEndIsRefused() {
        String large = " ".repeat((16 << 20) + 1);
        assertThat(client.put(large).status()).isEqualTo(413);
    }

    @Test
    void withoutATokenThereAreNoOperatorsPaths() {
        for (String path : List.of(
                "/api/admin/storage",
                "/api/%61dmin/storage",
                "/api/admin;x/storage",
                "/api/admin/console",
                "/actuator/metrics")) {
            assertThat(client.get(path, "Authorization", "Bearer ").status())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    private static JsonNode document() throws Exception {
        return Json.MAPPER.readTree(client.document());
    }
}
