package dev.switchover.examples.expenses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.examples.expenses.ServiceClient.Answer;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Phase.class)
class RequestsTest {

    @TempDir
    static Path directory;

    private static TestDatabase database;
    private static RunningService service;
    private static ServiceClient client;

    @Parameter
    Phase phase;

    @BeforeParameterizedClassInvocation
    static void start(Phase phase) {
        database = TestDatabase.create();
        service = RunningService.start(
                directory.resolve(phase.name()), RunningService.environment(phase, database.url()));
        client = service.client();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        service.close();
        database.close();
    }

    @BeforeEach
    void clear() {
        for (String kind : List.of("expense", "income")) {
            List<String> ids = client.get("/api/v1/" + kind).json().findValuesAsText("id");
            client.post("/api/v1/" + kind + "/bulk-delete", "{\"ids\": " + ids + "}");
        }
    }

    @Test
    void theRootTellsWhatThisIs() {
        Answer answer = client.get("/");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("message").textValue()).startsWith("Home Budget");
    }

    @Test
    void healthIsOk() {
        assertThat(client.get("/api/v1/health").text()).isEqualTo("{\"status\":\"ok\"}");
    }

    @Test
    void anExpenseIsCreatedWithAnIntegerIdAndDefaults() {
        Answer answer = client.post("/api/v1/expense", ServiceClient.expense("2026-03-01", "12.50"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        long id = answer.json().at("/expense/id").longValue();
        assertThat(answer.text())
                .isEqualTo(
                        "{\"status\":\"created\",\"expense\":{\"id\":" + id
                                + ",\"date\":\"2026-03-01\",\"category\":\"food\","
                                + "\"amount\":12.50,\"account\":\"cash\",\"business\":null,\"currency\":\"₪\",\"notes\":null}}");
        assertThat(client.get("/api/v1/expense/" + id).json())
                .isEqualTo(answer.json().get("expense"));
    }

    @Test
    void allFieldsComeBackAsTheyWereSent() {
        Answer answer = client.post("/api/v1/expense", """
                {"date": "2024-02-29", "category": "Büro ☕ 🧾", "amount": -3, "account": "שקל", "business": true,
                 "currency": "EUR", "notes": "line\\nbreak \\"quoted\\"", "unknown": {"is": "ignored"}, "id": 99}
                """);

        long id = answer.json().at("/expense/id").longValue();
        assertThat(answer.json().get("expense"))
                .isEqualTo(client.get("/api/v1/expense/" + id).json());
        assertThat(client.get("/api/v1/expense/" + id).text())
                .isEqualTo("{\"id\":" + id
                        + ",\"date\":\"2024-02-29\",\"category\":\"Büro ☕ 🧾\",\"amount\":-3,\"account\":\"שקל\","
                        + "\"business\":true,\"currency\":\"EUR\",\"notes\":\"line\\nbreak \\\"quoted\\\"\"}");
    }

    @Test
    void anIncomeHasNoBusinessField() {
        Answer answer = client.post("/api/v1/income", ServiceClient.expense("2026-03-01", "2500"));

        String path = "/api/v1/income/" + answer.json().at("/income/id").longValue();
        assertThat(answer.json().get("income").has("business")).isFalse();
        assertThat(client.get(path).json().get("amount").intValue()).isEqualTo(2500);
        assertThat(client.get("/api/v1/expense").text()).isEqualTo("[]");
        assertThat(client.send("PATCH", path, "{\"field\": \"business\", \"value\": true}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void theListComesNewestDateFirst() {
        long january = client.createExpense("2026-01-15", "1");
        long march = client.createExpense("2026-03-01", "2");
        long december = client.createExpense("2025-12-31", "3");
        long alsoMarch = client.createExpense("2026-03-01", "4");

        JsonNode list = client.get("/api/v1/expense").json();

        assertThat(StreamSupport.stream(list.spliterator(), false)
                        .map(entry -> entry.get("id").longValue()))
                .containsExactly(march, alsoMarch, january, december);
    }

    @Test
    void anEmptyListIsAnEmptyArray() {
        assertThat(client.get("/api/v1/expense").text()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource({
        "1.10, 1.10",
        "1e2, 100",
        "1.5E3, 1500",
        "0.10, 0.10",
        "9007199254740993, 9007199254740993",
        "123456789012345678901234567890.12, 123456789012345678901234567890.12",
        "'\"1.10\"', 1.10",
        "'\" 42 \"', 42",
        "'\"1e-2\"', 0.01",
        "'\"+7.\"', 7",
    })
    void anAmountKeepsEachDigit(String sent, String kept) {
        long id = client.createExpense("2026-03-01", sent);

        assertThat(client.get("/api/v1/expense/" + id).text()).contains("\"amount\":" + kept + ",");
        assertThat(client.get("/api/v1/expense").text()).contains("\"amount\":" + kept + ",");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"abc\"",
                "\"1,5\"",
                "\"NaN\"",
                "\"Infinity\"",
                "\"0x10\"",
                "true",
                "null",
                "[1]",
                "{}",
                "\"1e99999999999\"",
                "1e1001",
                "1e-1001",
                "\"1e1001\""
            })
    void whatIsNoAmountIsRefused(String amount) {
        Answer answer = client.post("/api/v1/expense", ServiceClient.expense("2026-03-01", amount));

        assertRefused(answer, "[\"body\",\"amount\"]");
        assertThat(client.get("/api/v1/expense").text()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-30",
                "2026-13-01",
                "2026-1-1",
                "01.02.2026",
                "2026-03-01T00:00:00",
                "",
                "today",
                "20260301",
                "+2026-03-01",
                "0000-00-00"
            })
    void whatIsNoCalendarDateIsRefused(String date) {
        assertRefused(client.post("/api/v1/expense", ServiceClient.expense(date, "1")), "[\"body\",\"date\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "category | 7",
                "category | null",
                "account | [\"cash\"]",
                "business | \"yes\"",
                "business | 1",
                "currency | 1",
                "notes | {}",
                "date | 20260301",
            })
    void anIllTypedFieldIsRefused(String field, String value) {
        long id = client.createExpense("2026-03-01", "1");
        String before = client.get("/api/v1/expense/" + id).text();

        assertRefused(
                client.send("PUT", "/api/v1/expense/" + id, "{\"" + field + "\": " + value + "}"),
                "[\"body\",\"" + field + "\"]");
        assertRefused(
                client.send(
                        "PATCH", "/api/v1/expense/" + id, "{\"field\": \"" + field + "\", \"value\": " + value + "}"),
                "[\"body\",\"value\"]");
        assertThat(client.get("/api/v1/expense/" + id).text()).isEqualTo(before);
    }

    @Test
    void allProblemsComeAtOnce() {
        Answer answer =
                client.post("/api/v1/expense", "{\"amount\": \"x\", \"business\": \"x\", \"account\": \"cash\"}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("detail").findValuesAsText("type"))
                .containsExactly("decimal_parsing", "bool_type", "missing", "missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "7",
                "null",
                "\"text\"",
                "{\"date\": }",
                "{} {}",
                "{}x",
                "{\"a\": 1, \"a\": 2}",
                "{'a': 1}",
                "NaN",
                "{\"amount\": 9E99999999999}"
            })
    void badJsonIsRefused(String body) {
        for (String path : new String[] {"/api/v1/expense", "/api/v1/income", "/api/v1/expense/bulk-delete"}) {
            assertRefused(client.post(path, body), null);
        }
    }

    @Test
    void malformedUtf8IsRefused() {
        byte[] body =
                ServiceClient.expense("2026-03-01", "1").replace("food", "f??d").getBytes(StandardCharsets.UTF_8);
        for (byte[] malformed :
                new byte[][] {{(byte) 0xC0, (byte) 0x80}, {(byte) 0xFF, 'x'}, {(byte) 0xE2, (byte) 0x82}}) {
            byte[] sent = body.clone();
            int at = new String(body, StandardCharsets.UTF_8).indexOf("??");
            sent[at] = malformed[0];
            sent[at + 1] = malformed[1];

            assertRefused(client.send("POST", "/api/v1/expense", sent), "[\"body\"]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud800", "a\\udc00b"})
    void whatNoStoreCanHoldIsRefusedWithItsPlace(String text) {
        long id = client.createExpense("2026-03-01", "1");
        String body = ServiceClient.expense("2026-03-01", "1").replace("food", text);

        assertRefused(client.post("/api/v1/expense", body), "[\"body\",\"category\"]");
        assertRefused(
                client.send("PUT", "/api/v1/expense/" + id, "{\"notes\": \"" + text + "\"}"), "[\"body\",\"notes\"]");
        assertRefused(
                client.send("PATCH", "/api/v1/expense/" + id, "{\"field\": \"notes\", \"value\": \"" + text + "\"}"),
                "[\"body\",\"value\"]");
        assertThat(client.get("/api/v1/expense").json()).hasSize(1);
    }

    @Test
    void putChangesAnySubsetAndNullClears() {
        long id = client.createExpense("2026-03-01", "1.10");

        Answer answer = client.send(
                "PUT",
                "/api/v1/expense/" + id,
                "{\"notes\": \"n\", \"business\": false, \"currency\": null, \"x\": 1}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .isEqualTo(
                        "{\"status\":\"updated\",\"expense\":{\"id\":" + id
                                + ",\"date\":\"2026-03-01\",\"category\":\"food\","
                                + "\"amount\":1.10,\"account\":\"cash\",\"business\":false,\"currency\":null,\"notes\":\"n\"}}");
        client.send("PUT", "/api/v1/expense/" + id, "{\"notes\": null, \"business\": null}");
        assertThat(client.get("/api/v1/expense/" + id).text())
                .contains("\"business\":null,\"currency\":null,\"notes\":null");
        assertThat(client.send("PUT", "/api/v1/expense/" + id, "{}").status()).isEqualTo(200);
    }

    @Test
    void patchChangesOneField() {
        long id = client.createExpense("2026-03-01", "1.10");

        Answer answer = client.send("PATCH", "/api/v1/expense/" + id, "{\"field\": \"amount\", \"value\": \"2.50\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("status").textValue()).isEqualTo("updated");
        assertThat(answer.text()).contains("\"amount\":2.50,");
        client.send("PATCH", "/api/v1/expense/" + id, "{\"field\": \"currency\", \"value\": null}");
        assertThat(client.get("/api/v1/expense/" + id).text()).contains("\"currency\":null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "colour", "", "Amount"})
    void patchOfAnUnknownFieldIsABadRequest(String field) {
        long id = client.createExpense("2026-03-01", "1");

        Answer answer =
                client.send("PATCH", "/api/v1/expense/" + id, "{\"field\": \"" + field + "\", \"value\": \"7\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").textValue()).contains("no such field");
    }

    @Test
    void patchNeedsFieldAndValue() {
        long id = client.createExpense("2026-03-01", "1");

        assertThat(client.send("PATCH", "/api/v1/expense/" + id, "{}").json().get("detail"))
                .hasSize(2);
        assertRefused(
                client.send("PATCH", "/api/v1/expense/" + id, "{\"field\": 7, \"value\": 1}"), "[\"body\",\"field\"]");
        assertRefused(client.send("PATCH", "/api/v1/expense/" + id, "{\"field\": \"notes\"}"), "[\"body\",\"value\"]");
    }

    @Test
    void deleteTakesAnExpenseAway() {
        long id = client.createExpense("2026-03-01", "1");

        assertThat(client.send("DELETE", "/api/v1/expense/" + id, "").text())
                .isEqualTo("{\"status\":\"deleted\",\"id\":" + id + "}");
        assertThat(client.get("/api/v1/expense/" + id).status()).isEqualTo(404);
        assertThat(client.createExpense("2026-03-01", "1")).isGreaterThan(id);
    }

    @Test
    void bulkDeleteTellsHowManyThereWere() {
        long one = client.createExpense("2026-03-01", "1");
        long two = client.createExpense("2026-03-01", "2");
        long three = client.createExpense("2026-03-01", "3");

        Answer answer = client.post(
                "/api/v1/expense/bulk-delete",
                "{\"ids\": [" + one + ", " + three + ", " + one + ", 777, 99999999999999999999999]}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("status").textValue()).isEqualTo("deleted");
        assertThat(answer.json().get("count").intValue()).isEqualTo(2);
        assertThat(client.get("/api/v1/expense").json().findValuesAsText("id")).containsExactly(Long.toString(two));
        assertThat(client.post("/api/v1/expense/bulk-delete", "{\"ids\": []}")
                        .json()
                        .get("count")
                        .intValue())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | [\"body\",\"ids\"]",
                "{\"ids\": 7} | [\"body\",\"ids\"]",
                "{\"ids\": null} | [\"body\",\"ids\"]",
                "{\"ids\": [1, \"2\"]} | [\"body\",\"ids\",1]",
                "{\"ids\": [1.5]} | [\"body\",\"ids\",0]",
                "{\"ids\": [true]} | [\"body\",\"ids\",0]",
            })
    void aBulkDeleteOfNoIdsIsRefused(String body, String place) {
        client.createExpense("2026-03-01", "1");

        assertRefused(client.post("/api/v1/expense/bulk-delete", body), place);
        assertThat(client.get("/api/v1/expense").json()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999", "0", "-1", "9223372036854775807", "99999999999999999999"})
    void whatDoesNotExistIsNotFound(String id) {
        String path = "/api/v1/expense/" + id;

        for (Answer answer : new Answer[] {
            client.get(path),
            client.send("PUT", path, "{\"notes\": \"n\"}"),
            client.send("PATCH", path, "{\"field\": \"notes\", \"value\": \"n\"}"),
            client.send("DELETE", path, "")
        }) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().get("detail").textValue()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "1.5", "1e1", "%20", "1%20"})
    void anIdThatIsNoIntegerIsRefused(String id) {
        for (String method : new String[] {"GET", "PUT", "PATCH", "DELETE"}) {
            assertThat(client.send(method, "/api/v1/expense/" + id, "{}").status())
                    .isEqualTo(422);
        }
        assertRefused(client.get("/api/v1/expense/abc"), "[\"path\",\"id\"]");
    }

    @Test
    void unknownPathsAndMethodsAnswerInJsonToo() {
        assertThat(client.get("/nothing/here").status()).isEqualTo(404);
        assertThat(client.get("/nothing/here").json().has("detail")).isTrue();
        Answer answer = client.send("POST", "/api/v1/expense/7", "{}");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.json().has("detail")).isTrue();
        assertThat(client.send("DELETE", "/api/v1/health", "").status()).isEqualTo(405);
    }

    @Test
    void aBodyTooLargeIsRefused() {
        String body = ServiceClient.expense("2026-03-01", "1").replace("food", "x".repeat(2 << 20));

        Answer answer = client.post("/api/v1/expense", body);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().has("detail")).isTrue();
    }

    @Test
    void theStatusNeedsTheToken() {
        assertThat(client.get("/api/admin/storage").status()).isEqualTo(401);
        assertThat(client.get("/api/admin/storage", "Authorization", "Bearer wrong")
                        .status())
                .isEqualTo(401);
        assertThat(client.get("/api/admin/storage", "Authorization", RunningService.ADMIN_TOKEN)
                        .status())
                .isEqualTo(401);
        Answer answer = client.get("/api/admin/storage", "Authorization", "Bearer " + RunningService.ADMIN_TOKEN);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().isObject()).isTrue();
    }

    @Test
    void withoutATokenThereAreNoAdminPaths(@TempDir Path another) {
        try (RunningService open =
                RunningService.start(new ServiceSettings("127.0.0.1", 0, another, null, false), Map.of())) {
            assertThat(open.client()
                            .get("/api/admin/storage", "Authorization", "Bearer ")
                            .status())
                    .isEqualTo(404);
        }
    }

    private static void assertRefused(Answer answer, String place) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        JsonNode problem = answer.json().get("detail").get(0);
        assertThat(problem.get("msg").textValue()).isNotEmpty();
        assertThat(problem.get("type").textValue()).isNotEmpty();
        if (place != null) {
            assertThat(problem.get("loc").toString()).isEqualTo(place);
        }
    }
}
