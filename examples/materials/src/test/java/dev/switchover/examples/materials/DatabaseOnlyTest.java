package dev.switchover.examples.materials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL alone: what becomes of the files. */
class DatabaseOnlyTest {

    private static final Path SCRIPT = Path.of("scripts", "backup_to_json.sh").toAbsolutePath();

    @TempDir
    static Path directory;

    private static TestDatabase database;
    private static RunningService service;
    private static Client client;

    @BeforeAll
    static void start() {
        SampleData.copyTo(directory);
        database = TestDatabase.create();
        // The older name of the flag.
        service = RunningService.start(directory, Map.of("USE_DATABASE", "true", "DATABASE_URL", database.url()));
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
        database.close();
    }

    private String file() throws IOException {
        return Files.readString(directory.resolve("materials.json"));
    }

    private void setPrice(String price) {
        Client.Answer answer = client.patch("bathroom", 0, "price.ttc", price);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    @Test
    void writesDoNotTouchTheFileUntilItIsExported() throws IOException {
        setPrice("1000.10");
        String file = file();

        setPrice("1000.20");

        assertThat(file()).isEqualTo(file).doesNotContain("1000.20");
        Client.Answer exported = client.post("/api/admin/export-to-json", RunningService.AS_ADMIN);
        assertThat(exported.status()).as(exported.text()).isEqualTo(200);
        assertThat(exported.json().path("status").textValue()).isEqualTo("success");
        assertThat(exported.json().at("/export/collections")).hasSize(2);
        assertThat(file()).isEqualTo(client.document()).contains("1000.20");
    }

    @Test
    void theScriptExportsAndWritesItsLog() throws Exception {
        setPrice("2000.10");

        assertThat(script(RunningService.ADMIN_TOKEN, port())).isZero();

        assertThat(file()).isEqualTo(client.document()).contains("2000.10");
        assertThat(log()).contains(" OK ").contains("records").doesNotContain(RunningService.ADMIN_TOKEN);
    }

    @Test
    void theScriptThatCannotExportSaysSoAndFails() throws Exception {
        setPrice("3000.10");
        String file = file();

        assertThat(script("wrong", port())).isEqualTo(1);
        assertThat(log()).contains(" FAILED ").contains("401");
        assertThat(script(RunningService.ADMIN_TOKEN, 1)).isEqualTo(1);
        assertThat(script("", port())).isEqualTo(2);

        assertThat(file()).isEqualTo(file);
    }

    /** As cron would run it: by sh, from the home directory, with next to nothing in the environment. */
    @Test
    void theLineForTheCrontabExports() throws Exception {
        String line = Files.readAllLines(SCRIPT).stream()
                .filter(text -> text.startsWith("#   0 2 * * * "))
                .findFirst()
                .orElseThrow()
                .substring("#   ".length());
        assertThat(Files.readString(Path.of("README.md"))).contains("\n" + line + "\n");
        Path home = Files.createDirectory(directory.resolve("home"));
        Path token = Files.writeString(home.resolve("token"), RunningService.ADMIN_TOKEN + "\n");
        String command = line.substring("0 2 * * * ".length())
                .replace("/etc/materials/token", token.toString())
                .replace("/opt/materials/scripts/backup_to_json.sh", SCRIPT.toString());
        assertThat(command).contains(token.toString()).contains(SCRIPT.toString());
        setPrice("6000.10");

        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("mail").toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "HOME",
                        home.toString(),
                        "PATH",
                        "/usr/bin:/bin",
                        "MATERIALS_URL",
                        "http://127.0.0.1:" + port()));
        Process process = builder.start();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(file()).isEqualTo(client.document()).contains("6000.10");
        assertThat(Files.readString(home.resolve("backup.log"))).contains(" OK ");
        // cron mails what is said.
        assertThat(home.resolve("mail")).isEmptyFile();
    }

    @Test
    void theScheduleExportsEachNightAndCatchesUpOnAMissedOne() throws Exception {
        Path own = Files.createDirectory(directory.resolve("nightly"));
        SampleData.copyTo(own);
        try (TestDatabase ownDatabase = TestDatabase.create()) {
            Map<String, String> variables = RunningService.variables(Phase.DB_ONLY, ownDatabase.url());
            variables.put("SWITCHOVER_SCHEDULE_ZONE", "UTC");
            Path file = own.resolve("materials.json");
            try (RunningService before = RunningService.start(own, variables, at("2026-03-02T01:59:00Z"))) {
                assertThat(before.client()
                                .patch("bathroom", 0, "price.ttc", "4000.10")
                                .status())
                        .isEqualTo(200);
                assertThat(Files.readString(file)).doesNotContain("4000.10");
            }
            try (RunningService afterTwo = RunningService.start(own, variables, at("2026-03-02T02:00:30Z"))) {
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(Files.readString(file))
                                .isEqualTo(afterTwo.client().document()));
                assertThat(Files.readString(file)).contains("4000.10");
            }
        }
    }

    private static Clock at(String instant) {
        return Clock.fixed(Instant.parse(instant), ZoneOffset.UTC);
    }

    @Test
    void healthAndMetersTellOfTheStorage() {
        assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(client.get("/actuator/health").json().path("status").textValue())
                .isEqualTo("UP");
        setPrice("5000.10");
        assertThat(client.get("/actuator/metrics/switchover.write").status()).isEqualTo(401);
        Client.Answer writes = client.get("/actuator/metrics/switchover.write", RunningService.AS_ADMIN);
        assertThat(writes.text()).contains("db_only").contains("postgresql");
    }

    @Test
    void theConsoleAndTheOperatorsPathsAskForTheToken() {
        for (Client.Answer refused : new Client.Answer[] {
            client.get("/api/admin/storage"),
            client.post("/api/admin/export-to-json"),
            client.post("/api/admin/verify", "Authorization", "Bearer wrong"),
            client.get("/api/admin/console/status"),
        }) {
            assertThat(refused.status()).as(refused.text()).isEqualTo(401);
        }
        Client.Answer page = client.get("/api/admin/console/", RunningService.AS_ADMIN);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(client.get("/api/admin/console/status", RunningService.AS_ADMIN)
                        .text())
                .contains("DB_ONLY");
        Client.Answer verified = client.post("/api/admin/verify", RunningService.AS_ADMIN);
        assertThat(verified.status()).as(verified.text()).isEqualTo(200);
    }

    private int port() {
        return service.port();
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("backup.log"));
    }

    private int script(String token, int port) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("script.out").toFile());
        builder.environment().put("ADMIN_TOKEN", token);
        builder.environment().put("MATERIALS_URL", "http://127.0.0.1:" + port);
        builder.environment().put("BACKUP_LOG", directory.resolve("backup.log").toString());
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
