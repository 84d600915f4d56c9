package dev.switchover.examples.videos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.examples.embedded.CuttableProxy;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What keeps the videos when something goes wrong. */
class SafetyTest {

    @TempDir
    Path root;

    private Path directory;
    private TestDatabase database;

    @BeforeEach
    void create() {
        directory = root.resolve("data");
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void theFilesOfTheStaticSiteFollowEachWriteOfBothProcesses(Phase phase) throws IOException {
        Path transcript = root.resolve("line.txt");
        Files.writeString(transcript, "John 3:16");
        Map<String, String> variables = RunningWeb.variables(phase, database.url());
        try (RunningWeb web = RunningWeb.start(directory, variables)) {
            web.put(RunningWeb.video("web", "John 3:16"));
            awaitFiles("\"web\":");

            assertThat(ProcessCommand.run(List.of(transcript.toString()), web.settings(), variables))
                    .isZero();
            awaitFiles("\"line\":");

            web.send("DELETE", VideoApi.PATH + "/web", "", RunningWeb.TOKEN);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(web.get("/results.json").text())
                            .contains("\"line\":")
                            .doesNotContain("\"web\":"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_ONLY", "DB_PRIMARY", "DB_ONLY"})
    void recoveryMergesAllBackups(Phase phase) {
        Map<String, String> variables = RunningWeb.variables(phase, database.url());
        try (RunningWeb web = RunningWeb.start(directory, variables)) {
            for (String id : List.of("a1", "b2", "c3")) {
                web.put(RunningWeb.video(id, "John 3:16"));
                assertThat(operate(web, variables, "backup", "create")).isZero();
                web.send("DELETE", VideoApi.PATH + "/" + id, "", RunningWeb.TOKEN);
            }
            web.put(RunningWeb.video("d4", "John 3:16"));

            assertThat(recover(web, variables, "--scan")).isEqualTo(1);
            assertThat(web.ids()).containsExactly("d4");
            assertThat(recover(web, variables, "--restore", "--yes")).isZero();

            assertThat(web.ids()).containsExactlyInAnyOrder("a1", "b2", "c3", "d4");
            assertThat(web.get("/results.json").text()).contains("\"a1\":", "\"b2\":", "\"c3\":", "\"d4\":");
        }
    }

    @Test
    void backupsAreMadeEverySixHoursAndAtTwoUnlessTheEnvironmentSaysOtherwise() {
        assertThat(StorageVariables.of(Map.of()))
                .containsEntry("SWITCHOVER_BACKUP_SCHEDULE", "every 6h, daily@02:00")
                .containsEntry("SWITCHOVER_EMERGENCY_FILES", "yes")
                .containsEntry("SWITCHOVER_VERIFIED_WRITES", "yes");
        assertThat(StorageVariables.of(Map.of("SWITCHOVER_BACKUP_SCHEDULE", "daily@03:00")))
                .containsEntry("SWITCHOVER_BACKUP_SCHEDULE", "daily@03:00");
    }

    private String through(CuttableProxy way) {
        return "postgresql://" + database.user() + ":" + database.password() + "@127.0.0.1:" + way.port() + "/"
                + database.name();
    }

    @Test
    void aVideoThatTheDatabaseDidNotTakeIsSavedAsideAndApplied() throws IOException {
        try (CuttableProxy way = new CuttableProxy(URI.create(database.url()).getPort())) {
            Map<String, String> variables = RunningWeb.variables(Phase.DB_ONLY, through(way));
            try (RunningWeb web = RunningWeb.start(directory, variables)) {
                way.cut();
                VideoClient.Answer refused = web.put(RunningWeb.video("a1", "John 3:16"));
                way.mend();

                assertThat(refused.status()).as(refused.text()).isEqualTo(503);
                List<String> files = web.storage().backups().emergencyFiles().stream()
                        .map(file -> file.name())
                        .toList();
                assertThat(files).hasSize(1);
                assertThat(refused.json().get("detail").textValue()).contains(files.get(0));
                // An attempt from before may fail after the first that does not.
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(web.ids()).isEmpty());

                assertThat(recover(web, variables, "--apply", files.get(0), "--yes"))
                        .isZero();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(web.ids()).containsExactly("a1"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void withTheDatabaseAwayReadsAreStaleAndWritesRefused(Phase phase) throws IOException {
        try (CuttableProxy way = new CuttableProxy(URI.create(database.url()).getPort());
                RunningWeb web = RunningWeb.start(directory, RunningWeb.variables(phase, through(way)))) {
            web.put(RunningWeb.video("a1", "John 3:16"));
            assertThat(web.storage().awaitInSync(Duration.ofSeconds(20))).isTrue();
            awaitFiles("\"a1\":");
            assertThat(web.get(VideoApi.PATH).stale()).isEmpty();

            way.cut();

            assertThat(web.ids()).containsExactly("a1");
            assertThat(web.get(VideoApi.PATH + "/a1").stale()).isNotEmpty();
            assertThat(web.put(RunningWeb.video("b2", "John 3:16")).status()).isEqualTo(503);
            assertThat(web.send("DELETE", VideoApi.PATH + "/a1", "", RunningWeb.TOKEN)
                            .status())
                    .isEqualTo(503);
            assertThat(web.get("/results.json").text()).contains("\"a1\":").doesNotContain("\"b2\":");

            way.mend();

            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(web.get(VideoApi.PATH).stale()).isEmpty();
                assertThat(web.ids()).containsExactly("a1");
            });
        }
    }

    @Test
    void aMirrorThatIsAwayRefusesNothingAndCatchesUp() throws Exception {
        try (CuttableProxy way = new CuttableProxy(URI.create(database.url()).getPort());
                RunningWeb web = RunningWeb.start(directory, RunningWeb.variables(Phase.JSON_PRIMARY, through(way)))) {
            assertThat(web.storage().awaitInSync(Duration.ofSeconds(20))).isTrue();
            way.cut();

            for (String id : List.of("a1", "b2", "c3")) {
                assertThat(web.put(RunningWeb.video(id, "John 3:16")).status()).isEqualTo(200);
            }
            assertThat(web.get(VideoApi.PATH).stale()).isEmpty();

            way.mend();

            assertThat(web.storage().awaitInSync(Duration.ofSeconds(30))).isTrue();
            assertThat(web.storage().verify()).allMatch(VerificationReport::inStep);
        }
    }

    @Test
    void theWebProcessMakesTheBackupsOfItsSchedule() throws IOException {
        Map<String, String> variables = RunningWeb.variables(Phase.JSON_ONLY, database.url());
        variables.put("SWITCHOVER_SCHEDULE_ZONE", "UTC");
        int expected = 0;
        // The first start waits for the next time; then it is half a minute after two, then after six.
        for (String time : List.of("01:00:00", "02:00:30", "06:00:30")) {
            Clock clock = Clock.fixed(Instant.parse("2026-03-02T" + time + "Z"), ZoneOffset.UTC);
            try (RunningWeb web = RunningWeb.start(directory, variables, clock)) {
                int count = expected++;
                web.put(RunningWeb.video("before-" + count, "John 3:16"));
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(scheduled(web)).isEqualTo(count));
            }
        }
    }

    private static int scheduled(RunningWeb web) {
        return (int) web.storage().backups().verifyAll().stream()
                .filter(check -> check.sound() && check.name().contains("-scheduled."))
                .count();
    }

    /** A platform gives each deployment a new disk, with the file as it was when it was pushed last. */
    @Test
    void aNewDiskWithAnOlderFileTakesNothingFromTheDatabase() throws IOException {
        Path next = Files.createDirectories(root.resolve("next"));
        try (RunningWeb web = start(directory, Phase.DB_ONLY)) {
            web.put(RunningWeb.video("old", "John 3:16"));
            awaitFiles("\"old\":");
            Files.copy(directory.resolve(Videos.FILE), next.resolve(Videos.FILE));
            web.put(RunningWeb.video("new", "John 3:16"));
        }

        try (RunningWeb web = start(next, Phase.DB_ONLY)) {
            assertThat(web.ids()).containsExactlyInAnyOrder("old", "new");
        }
    }

    @Test
    void aLostDatabaseIsFilledFromTheFileOnceSomebodySaysSo() throws IOException {
        try (RunningWeb web = start(directory, Phase.DB_ONLY)) {
            web.put(RunningWeb.video("a1", "John 3:16"));
            awaitFiles("\"a1\":");
        }
        try (TestDatabase empty = TestDatabase.create()) {
            Map<String, String> variables = RunningWeb.variables(Phase.DB_ONLY, empty.url());
            assertThatThrownBy(() -> RunningWeb.start(directory, variables))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("SWITCHOVER_ADOPT=json");

            variables.put("SWITCHOVER_ADOPT", "json");
            try (RunningWeb web = RunningWeb.start(directory, variables)) {
                assertThat(web.ids()).containsExactly("a1");
            }
        }
    }

    private RunningWeb start(Path where, Phase phase) {
        return RunningWeb.start(where, RunningWeb.variables(phase, database.url()));
    }

    private static int recover(RunningWeb web, Map<String, String> variables, String... arguments) {
        return Main.recover(List.of(arguments), web.settings(), variables);
    }

    private static int operate(RunningWeb web, Map<String, String> variables, String... arguments) {
        return Main.operate(new ArrayList<>(List.of(arguments)), web.settings(), variables);
    }

    private void awaitFiles(String text) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(() -> {
            assertThat(Files.readString(directory.resolve(Videos.FILE))).contains(text);
            assertThat(Base64.getMimeDecoder().decode(Files.readAllBytes(directory.resolve(Videos.COPY))))
                    .asString()
                    .contains(text);
        });
    }
}
