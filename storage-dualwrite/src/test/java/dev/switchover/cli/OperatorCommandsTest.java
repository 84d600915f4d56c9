package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Commands that look, beside a service that runs and without one. */
class OperatorCommandsTest extends CommandTest {

    @Test
    void aRunningServiceIsShownWithoutBeingDisturbed() throws IOException {
        shell.set("FF_DUAL_WRITE_ENABLED", "true");
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(EXPENSES).create(expense("1.10"));

            JsonNode status = shell.run("status", "--json").exits(ExitCode.DONE).json();
            assertThat(status.path("command").asText()).isEqualTo("status");
            JsonNode expenses = status.path("collections").path(0);
            assertThat(expenses.path("phase").asText()).isEqualTo("JSON_PRIMARY");
            assertThat(expenses.path("records").path("json").asLong()).isEqualTo(1);
            assertThat(shell.run("status").exits(ExitCode.DONE).out())
                    .contains("expenses: JSON_PRIMARY", "records   JSON 1", database.name())
                    .doesNotContain(":" + database.password() + "@");
            assertThat(shell.run("plan").exits(ExitCode.DONE).out())
                    .contains("held by process " + ProcessHandle.current().pid(), "expenses in JSON_PRIMARY: SERVE");
            assertThat(shell.run("check").exits(ExitCode.DONE).out()).contains("held by process");

            storage.repository(EXPENSES).create(expense("2.20"));
            assertThat(storage.repository(EXPENSES).count()).isEqualTo(2);
        }
    }

    @Test
    void lookingMakesNothing() throws IOException, SQLException {
        Files.writeString(directory.resolve("notes.json"), "[{\"id\": \"a\", \"text\": \"x\"}]");
        Map<String, String> before = content();

        shell.run("status").exits(ExitCode.DONE);
        shell.run("check").exits(ExitCode.DONE);
        shell.run("plan", "--phase", "db-primary").exits(ExitCode.DONE);
        shell.run("flags", "list").exits(ExitCode.DONE);
        shell.run("schema", "validate").exits(ExitCode.FOUND);
        shell.run("schema", "print").exits(ExitCode.DONE);

        assertThat(content()).isEqualTo(before);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")) {
            row.next();
            assertThat(row.getInt(1)).as("tables and indexes").isZero();
        }
    }

    @Test
    void thePlanIsWhatTheStartDoesThen() {
        assertThat(step("json-only")).isEqualTo("FIRST_CONTACT");
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
        }
        assertThat(step("json-only")).isEqualTo("SERVE");
        assertThat(step("db-primary")).isEqualTo("CHANGE_AUTHORITY");
        service.open(Phase.DB_ONLY).close();
        assertThat(step("db-only")).isEqualTo("SERVE");
        JsonNode back = shell.run("plan", "--phase", "json-only", "--collection", "expenses", "--json")
                .exits(ExitCode.DONE)
                .json();
        assertThat(back.path("collections")).hasSize(1);
        assertThat(back.path("collections").path(0).path("step").asText()).isEqualTo("CHANGE_AUTHORITY");
        assertThat(back.path("collections").path(0).path("facts").toString()).contains("PostgreSQL is active");
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            assertThat(storage.repository(EXPENSES).count()).isEqualTo(1);
        }
    }

    @Test
    void aPlanThatWouldBeRefusedHasTheCodeOfTheRefusal() throws IOException {
        service.open(Phase.DB_ONLY).close();
        shell.set("SWITCHOVER_CONNECTION_TIMEOUT", "300ms")
                .set("DATABASE_URL", "postgresql://user:s3cret@127.0.0.1:1/db");

        Shell.Answer answer = shell.run("plan", "--phase", "json-only").exits(ExitCode.REFUSED);
        assertThat(answer.out()).contains("AUTHORITY-UNREACHABLE", "remedy").doesNotContain("s3cret");
        assertThat(shell.run("plan", "--phase", "json-only", "--collection", "nothing")
                        .exits(ExitCode.USAGE)
                        .err())
                .contains("expenses, notes");

        Files.writeString(directory.resolve("notes.json"), "[{");
        JsonNode plan = shell.run("plan", "--phase", "json-only", "--json")
                .exits(ExitCode.REFUSED)
                .json();
        assertThat(plan.path("collections").path(0).path("code").asText()).isNotEmpty();
    }

    @Test
    void aStoreThatIsAwayIsTheExitCode() {
        service.open(Phase.JSON_PRIMARY).close();
        shell.set("SWITCHOVER_CONNECTION_TIMEOUT", "300ms")
                .set("DATABASE_URL", "postgresql://user:s3cret@127.0.0.1:1/db")
                .set("FF_DUAL_WRITE_ENABLED", "true");

        assertThat(shell.run("status").exits(ExitCode.UNREACHABLE).out()).contains("PostgreSQL  away");
        assertThat(shell.run("check").exits(ExitCode.UNREACHABLE).out()).contains("unreachable postgresql.connection");
        assertThat(shell.run("flags", "list").exits(ExitCode.UNREACHABLE).out()).contains("cannot be read");
        JsonNode error = shell.run("flags", "set", "DUAL_WRITE_ENABLED", "on", "--json")
                .exits(ExitCode.UNREACHABLE)
                .json();
        assertThat(error.path("error").path("message").asText()).contains("not reachable");
        assertThat(shell.run("schema", "apply").exits(ExitCode.UNREACHABLE).err())
                .doesNotContain("s3cret");
    }

    @Test
    void whatIsPendingOrParkedInADatabaseThatIsAwayIsNotSaidToBeNothing() {
        service.open(Phase.DB_PRIMARY).close();
        shell.set("SWITCHOVER_CONNECTION_TIMEOUT", "300ms")
                .set("DATABASE_URL", "postgresql://user:s3cret@127.0.0.1:1/db")
                .set("FF_USE_DATABASE_STORAGE", "true")
                .set("FF_DUAL_WRITE_ENABLED", "true");

        shell.run("parked", "list").exits(ExitCode.UNREACHABLE);
        shell.run("parked", "discard", "notes", "a", "--yes").exits(ExitCode.UNREACHABLE);
        shell.run("export", "--output-dir", directory.resolve("out").toString()).exits(ExitCode.UNREACHABLE);
        shell.run("status", "--pending").exits(ExitCode.UNREACHABLE);
    }

    @Test
    void theStatusNamesWhoHoldsTheDirectoryAndListsWhatIsPendingWhenAsked() {
        String away = "postgresql://user:s3cret@127.0.0.1:1/db";
        service.open(Phase.JSON_PRIMARY).close();
        shell.set("SWITCHOVER_CONNECTION_TIMEOUT", "300ms")
                .set("DATABASE_URL", away)
                .set("FF_DUAL_WRITE_ENABLED", "true");
        try (SwitchoverStorage storage = new ServiceUnderTest(directory, away).open(Phase.JSON_PRIMARY)) {
            storage.repository(NOTES).save(new Note("a", "x"));

            Shell.Answer answer = shell.run("status", "--pending").exits(ExitCode.UNREACHABLE);
            assertThat(answer.out()).contains("held by process", "notes a, version");
            JsonNode ids = shell.run("status", "--pending", "--json").json().path("pendingIds");
            assertThat(ids.path("notes").path(0).path("id").asText()).isEqualTo("a");
        }
    }

    @Test
    void theTriggerComesAndGoesWhileTheServiceRuns() throws SQLException {
        shell.set("FF_USE_DATABASE_STORAGE", "true").set("FF_DUAL_WRITE_ENABLED", "true");
        try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
            assertThat(shell.run("schema", "trigger", "--print")
                            .exits(ExitCode.DONE)
                            .out())
                    .contains("CREATE OR REPLACE TRIGGER");
            shell.run("schema", "trigger", "--print", "--remove").exits(ExitCode.USAGE);
            assertThat(triggers()).isZero();

            shell.run("schema", "trigger").exits(ExitCode.DONE);
            assertThat(triggers()).isEqualTo(2);
            assertThat(storage.repository(EXPENSES).create(expense("1.10")).id())
                    .isEqualTo(1);
            shell.run("schema", "trigger", "--remove").exits(ExitCode.DONE);
            assertThat(triggers()).isZero();
        }
    }

    private long triggers() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_trigger WHERE tgname = 'switchover_mark' AND NOT tgisinternal")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void aFlagInTheTableChoosesThePhaseOfTheNextStart() {
        assertThat(shell.run("flags", "set", "DUAL_WRITE_ENABLED", "on")
                        .exits(ExitCode.REFUSED)
                        .err())
                .contains("SCHEMA-MISSING", "schema apply");
        assertThat(shell.run("schema", "apply").exits(ExitCode.DONE).out()).contains("The tables fit");
        shell.run("schema", "validate").exits(ExitCode.DONE);

        assertThat(shell.run("flags", "set", "ff_dual_write_enabled_notes", "on")
                        .exits(ExitCode.DONE)
                        .out())
                .contains("DUAL_WRITE_ENABLED_NOTES is true", "notes: JSON_PRIMARY", "expenses: JSON_ONLY");
        try (SwitchoverStorage storage = service.open(Map.of())) {
            assertThat(storage.status().collections())
                    .extracting(each -> each.phase())
                    .containsExactly(Phase.JSON_ONLY, Phase.JSON_PRIMARY);
        }
        JsonNode unset = shell.run("flags", "unset", "DUAL_WRITE_ENABLED_NOTES", "--json")
                .exits(ExitCode.DONE)
                .json();
        assertThat(unset.path("wasThere").asBoolean()).isTrue();
        assertThat(unset.path("table")).isEmpty();
        assertThat(shell.run("flags", "set", "DUAL_WRITE", "on")
                        .exits(ExitCode.USAGE)
                        .err())
                .contains("DUAL_WRITE_ENABLED_NOTES");
        assertThat(shell.run("flags", "set", "DUAL_WRITE_ENABLED", "perhaps")
                        .exits(ExitCode.USAGE)
                        .err())
                .contains("neither yes nor no");
    }

    @Test
    void aCheckTellsWhatAStartWouldFailFor() throws SQLException, IOException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE expenses (id uuid PRIMARY KEY)");
        }
        Files.writeString(directory.resolve("notes.json"), "[{");

        Shell.Answer answer = shell.run("check", "--json").exits(ExitCode.FOUND);
        Map<String, String> states = new TreeMap<>();
        answer.json()
                .path("checks")
                .forEach(check -> states.put(
                        check.path("name").asText(), check.path("state").asText()));
        assertThat(states)
                .containsEntry("json.files", "failed")
                .containsEntry("postgresql.table.expenses", "failed")
                .containsEntry("postgresql.rights", "ok")
                .containsEntry("postgresql.server_encoding", "ok");
    }

    private String step(String phase) {
        return shell.run("plan", "--phase", phase, "--json")
                .json()
                .path("collections")
                .path(0)
                .path("step")
                .asText();
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                content.put(
                        directory.relativize(file).toString(),
                        Files.isDirectory(file)
                                ? "folder"
                                : new String(
                                        Base64.getEncoder().encode(Files.readAllBytes(file)),
                                        StandardCharsets.US_ASCII));
            }
        }
        return content;
    }
}
