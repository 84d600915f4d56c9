package dev.switchover.examples.expenses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.expenses.ServiceClient.Answer;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdminTest {

    private static final String BEARER = "Bearer " + RunningService.ADMIN_TOKEN;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Phase.class)
    void theOperatorExportsAndVerifiesInEveryPhase(Phase phase) throws IOException {
        try (TestDatabase database = TestDatabase.create();
                RunningService service =
                        RunningService.start(directory, RunningService.environment(phase, database.url()))) {
            ServiceClient client = service.client();
            client.createExpense("2026-03-01", "12.50");
            assertThat(client.ask("/api/admin/export-to-json").status()).isEqualTo(401);

            Answer export = client.ask("/api/admin/export-to-json", "Authorization", BEARER);
            assertThat(export.status()).as(export.text()).isEqualTo(200);
            assertThat(export.json().get("status").textValue()).isEqualTo("success");
            assertThat(export.json().get("message").textValue()).isEqualTo("JSON export completed");
            assertThat(Files.readString(directory.resolve("expenses.json"))).contains("12.50");

            Answer verify = client.ask("/api/admin/verify", "Authorization", BEARER);
            assertThat(verify.status()).as(verify.text()).isEqualTo(200);
            assertThat(verify.json().get("collections"))
                    .allSatisfy(report ->
                            assertThat(report.get("drift").longValue()).isZero());
        }
    }

    @Test
    void whatFailsIsToldUnderDetail() {
        try (RunningService service =
                RunningService.start(directory, RunningService.environment(Phase.JSON_ONLY, null))) {
            Answer verify = service.client().ask("/api/admin/verify", "Authorization", BEARER);
            assertThat(verify.status()).isEqualTo(500);
            assertThat(verify.json().get("detail").textValue()).contains("DATABASE_URL");
        }
    }

    @Test
    void anExportThatFailsIsToldUnderDetailAndTheFileStays() throws IOException {
        try (TestDatabase database = TestDatabase.create();
                RunningService service =
                        RunningService.start(directory, RunningService.environment(Phase.DB_ONLY, database.url()))) {
            ServiceClient client = service.client();
            client.createExpense("2026-03-01", "12.50");
            assertThat(client.ask("/api/admin/export-to-json", "Authorization", BEARER)
                            .status())
                    .isEqualTo(200);
            String before = Files.readString(directory.resolve("expenses.json"));
            database.close();

            Answer export = client.ask("/api/admin/export-to-json", "Authorization", BEARER);
            assertThat(export.status()).as(export.text()).isEqualTo(500);
            assertThat(export.json().get("detail").textValue()).isNotEmpty();
            assertThat(directory.resolve("expenses.json")).content().isEqualTo(before);
        }
    }

    @Test
    void theConsoleAsksForTheToken() {
        try (RunningService service =
                RunningService.start(directory, RunningService.environment(Phase.JSON_ONLY, null))) {
            ServiceClient client = service.client();
            assertThat(client.get("/api/admin/console/").text()).contains("Admin token");
            assertThat(client.get("/api/admin/console/status").status()).isEqualTo(401);
            assertThat(client.get("/api/admin/console/status", "Authorization", BEARER)
                            .json()
                            .get("health")
                            .textValue())
                    .isEqualTo("UP");
            assertThat(client.get("/api/admin/console/console.js").text()).contains("use strict");
        }
    }
}
