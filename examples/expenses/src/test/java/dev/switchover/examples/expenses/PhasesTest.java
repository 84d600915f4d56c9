package dev.switchover.examples.expenses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.examples.embedded.CuttableProxy;
import dev.switchover.examples.expenses.ServiceClient.Answer;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The service through all four phases and back, looked at from outside: the table with JDBC, the file with Jackson. */
class PhasesTest {

    @TempDir
    Path directory;

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void theWholePathForwardAndBackLosesNothing() throws Exception {
        Map<Long, String> expected = new TreeMap<>();
        for (Phase phase : List.of(
                Phase.JSON_ONLY,
                Phase.JSON_PRIMARY,
                Phase.DB_PRIMARY,
                Phase.DB_ONLY,
                Phase.JSON_ONLY,
                Phase.DB_ONLY,
                Phase.DB_PRIMARY,
                Phase.JSON_PRIMARY,
                Phase.JSON_ONLY)) {
            Map<Long, String> before = new TreeMap<>(expected);
            try (RunningService service = start(phase)) {
                ServiceClient client = service.client();
                assertThat(amounts(client)).as("at the start of " + phase).isEqualTo(expected);

                long kept = client.createExpense("2026-03-01", "1.10");
                long changed = client.createExpense("2026-03-02", "2.20");
                long newest = client.createExpense("2026-03-03", "3.30");
                assertThat(expected).doesNotContainKeys(kept, changed, newest);
                client.send("PUT", "/api/v1/expense/" + changed, "{\"amount\": \"30.00\"}");
                client.send("DELETE", "/api/v1/expense/" + newest, "");
                expected.put(kept, "1.10");
                expected.put(changed, "30.00");
                assertThat(service.storage().awaitInSync(Duration.ofSeconds(20)))
                        .isTrue();
            }
            // PostgreSQL alone does not touch the file.
            assertThat(fileAmounts())
                    .as("the file after " + phase)
                    .isEqualTo(phase == Phase.DB_ONLY ? before : expected);
            if (phase != Phase.JSON_ONLY) {
                assertThat(tableAmounts()).as("the table after " + phase).isEqualTo(expected);
            }
        }
    }

    @Test
    void theTableHasTypedColumns() throws SQLException {
        try (RunningService service = start(Phase.DB_ONLY)) {
            service.client().createExpense("2026-03-01", "1.10");
        }

        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position)"
                                + " FROM information_schema.columns WHERE table_name = 'expenses'")) {
            row.next();
            assertThat(row.getString(1))
                    .contains(
                            "id bigint",
                            "date date",
                            "category text",
                            "amount numeric",
                            "business boolean",
                            "notes text");
        }
    }

    @Test
    void anExistingFileIsAdoptedAndGoesOver() throws Exception {
        Files.writeString(directory.resolve("expenses.json"), """
                [{"id": 7, "date": "2020-01-01", "category": "old", "amount": 1.10, "account": "cash", "business": null,
                  "currency": "₪", "notes": null, "tag": {"kept": "as it is"}}]
                """);
        try (RunningService service = start(Phase.DB_PRIMARY)) {
            assertThat(service.client().get("/api/v1/expense/7").text()).contains("\"amount\":1.10");
            assertThat(service.client().createExpense("2026-03-01", "1")).isGreaterThan(7);
            service.client().send("PUT", "/api/v1/expense/7", "{\"notes\": \"changed\"}");
        }

        assertThat(Files.readString(directory.resolve("expenses.json")))
                .contains("as it is")
                .contains("changed");
    }

    @ParameterizedTest
    @EnumSource(names = {"DB_PRIMARY", "DB_ONLY"})
    void withTheDatabaseAwayReadsAreStaleAndWritesUnavailable(Phase phase) throws IOException {
        try (CuttableProxy way = new CuttableProxy(URI.create(database.url()).getPort());
                RunningService service =
                        RunningService.start(directory, RunningService.environment(phase, through(way)))) {
            ServiceClient client = service.client();
            assertThat(service.storage().awaitInSync(Duration.ofSeconds(20))).isTrue();
            long id = client.createExpense("2026-03-01", "1.10");
            if (phase == Phase.DB_ONLY) {
                // Its files are as old as the last export.
                assertThat(client.ask(
                                        "/api/admin/export-to-json",
                                        "Authorization",
                                        "Bearer " + RunningService.ADMIN_TOKEN)
                                .status())
                        .isEqualTo(200);
            }
            assertThat(client.get("/api/v1/expense").header("X-Storage-Stale")).isEmpty();

            way.cut();

            for (String path : List.of("/api/v1/expense", "/api/v1/expense/" + id)) {
                Answer stale = client.get(path);
                assertThat(stale.status()).as(stale.text()).isEqualTo(200);
                assertThat(stale.text()).contains("\"amount\":1.10");
                assertThat(Instant.parse(stale.header("X-Storage-Stale"))).isBeforeOrEqualTo(Instant.now());
            }
            for (Answer refused : List.of(
                    client.post("/api/v1/expense", ServiceClient.expense("2026-03-02", "2")),
                    client.send("PUT", "/api/v1/expense/" + id, "{\"notes\": \"n\"}"),
                    client.send("DELETE", "/api/v1/expense/" + id, ""),
                    client.post("/api/v1/expense/bulk-delete", "{\"ids\": [" + id + "]}"))) {
                assertThat(refused.status()).as(refused.text()).isEqualTo(503);
                assertThat(refused.json().get("detail").textValue()).isNotEmpty();
            }

            way.mend();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> client.post("/api/v1/expense", ServiceClient.expense("2026-03-02", "2"))
                                    .status()
                            == 200);
            assertThat(client.get("/api/v1/expense").header("X-Storage-Stale")).isEmpty();
            assertThat(client.get("/api/v1/expense").json()).hasSize(2);
        }
    }

    @Test
    void aMirrorThatIsAwayFailsNoWriteAndCatchesUp() throws Exception {
        try (CuttableProxy way = new CuttableProxy(URI.create(database.url()).getPort());
                RunningService service =
                        RunningService.start(directory, RunningService.environment(Phase.JSON_PRIMARY, through(way)))) {
            ServiceClient client = service.client();
            assertThat(service.storage().awaitInSync(Duration.ofSeconds(20))).isTrue();
            way.cut();

            for (int i = 0; i < 20; i++) {
                client.createExpense("2026-03-01", "1.10");
            }
            assertThat(client.get("/api/v1/expense").header("X-Storage-Stale")).isEmpty();

            way.mend();

            assertThat(service.storage().awaitInSync(Duration.ofSeconds(30))).isTrue();
            assertThat(tableAmounts()).hasSize(20);
        }
    }

    private RunningService start(Phase phase) {
        return RunningService.start(directory, RunningService.environment(phase, database.url()));
    }

    private String through(CuttableProxy way) {
        return "postgresql://" + database.user() + ":" + database.password() + "@127.0.0.1:" + way.port() + "/"
                + database.name();
    }

    private static Map<Long, String> amounts(ServiceClient client) {
        Map<Long, String> amounts = new TreeMap<>();
        for (JsonNode expense : client.get("/api/v1/expense").json()) {
            amounts.put(
                    expense.get("id").longValue(),
                    expense.get("amount").decimalValue().toPlainString());
        }
        return amounts;
    }

    private Map<Long, String> fileAmounts() throws IOException {
        Map<Long, String> amounts = new TreeMap<>();
        for (JsonNode expense : ServiceClient.JSON.readTree(Files.readString(directory.resolve("expenses.json")))) {
            amounts.put(
                    expense.get("id").longValue(),
                    expense.get("amount").decimalValue().toPlainString());
        }
        return amounts;
    }

    private Map<Long, String> tableAmounts() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, amount FROM expenses")) {
            Map<Long, String> amounts = new TreeMap<>();
            while (row.next()) {
                amounts.put(row.getLong(1), row.getString(2));
            }
            return amounts;
        }
    }
}
