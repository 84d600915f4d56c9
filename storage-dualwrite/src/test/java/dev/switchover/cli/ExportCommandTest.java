package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.testing.TcpProxy;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExportCommandTest {

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    @Test
    void theFilesAreWrittenBesideTheServiceAndElsewhere() {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            Shell shell = Shell.of(directory, EXPENSES, NOTES)
                    .set("DATABASE_URL", database.url())
                    .set("FF_USE_DATABASE_STORAGE", "true");
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                storage.repository(EXPENSES).create(expense("1.10"));

                JsonNode report = shell.run(
                                "export", "--output-dir", elsewhere.toString(), "--collection", "expenses", "--json")
                        .exits(ExitCode.DONE)
                        .json();
                assertThat(report.path("collections")).hasSize(1);
                assertThat(report.path("collections").path(0).path("records").asLong())
                        .isEqualTo(1);
                assertThat(elsewhere.resolve("expenses.json")).content().contains("1.10");
                assertThat(elsewhere.resolve("notes.json")).doesNotExist();
                assertThat(shell.run("export").exits(ExitCode.DONE).out()).contains("expenses: 1 records");
                assertThat(directory.resolve("expenses.json")).content().contains("1.10");
                assertThat(shell.run("export", "--collection", "nothing")
                                .exits(ExitCode.USAGE)
                                .err())
                        .contains("expenses, notes");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void aDatabaseThatIsAwayIsNamedAndTheFilesStay(Phase phase) throws IOException {
        try (TestDatabase database = TestDatabase.create();
                TcpProxy proxy = TcpProxy.before(database)) {
            ServiceUnderTest service =
                    new ServiceUnderTest(directory, proxy.url()).set("SWITCHOVER_CONNECTION_TIMEOUT", "1s");
            Shell shell = Shell.of(directory, EXPENSES, NOTES)
                    .set("DATABASE_URL", proxy.url())
                    .set("SWITCHOVER_CONNECTION_TIMEOUT", "1s");
            service.open(Phase.JSON_PRIMARY).close();
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                storage.repository(EXPENSES).create(expense("1.10"));
                assertThat(storage.awaitInSync(Duration.ofSeconds(40))).isTrue();
            }
            service.open(phase).close();
            String before = Files.readString(directory.resolve("expenses.json"));

            proxy.cut();
            assertOutageIsNamed(shell);
            proxy.mend();
            try (SwitchoverStorage storage = service.open(phase)) {
                proxy.cut();
                assertOutageIsNamed(shell);
                proxy.mend();
            }
            assertThat(directory.resolve("expenses.json")).hasContent(before);
        }
    }

    private static void assertOutageIsNamed(Shell shell) {
        assertThat(shell.run("export").exits(ExitCode.UNREACHABLE).err())
                .contains("PostgreSQL", "does not answer", "nothing was exported", "switchover check")
                .doesNotContain("is no authority");
    }

    @Tag("slow") // A holder is given 20 seconds to answer.
    @Test
    void aHolderThatDoesNotAnswerIsUnreachable() {
        try (JsonStore holder = JsonStore.open(
                JsonSettings.of(directory), List.of(CollectionSchema.of(EXPENSES), CollectionSchema.of(NOTES)))) {
            assertThat(Shell.of(directory, EXPENSES, NOTES)
                            .run("export", "--json")
                            .exits(ExitCode.UNREACHABLE)
                            .json()
                            .path("error")
                            .path("message")
                            .asText())
                    .contains("does not answer requests");
        }
    }
}
