package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both stores compared from a shell, beside the service. */
class VerifyCommandTest extends CommandTest {

    @Test
    void driftIsFoundBesideTheServiceAndStaysInTheStatus() throws SQLException {
        shell.set("FF_DUAL_WRITE_ENABLED", "true");
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
            storage.repository(EXPENSES).create(expense("2.20"));
            assertThat(storage.awaitInSync(Duration.ofSeconds(40))).isTrue();
            assertThat(shell.run("verify").exits(ExitCode.DONE).out()).contains("2 ids compared", "No drift");

            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("UPDATE expenses SET amount = 99 WHERE id = 1");
            }
            Shell.Answer quick = shell.run("verify", "--quick").exits(ExitCode.DONE);
            assertThat(quick.out()).contains("2 ids compared", "by version", "No drift in ids and versions");
            Shell.Answer answer =
                    shell.run("verify", "--collection", "expenses").exits(ExitCode.FOUND);
            assertThat(answer.out()).contains("expenses CONTENT 1", "/amount").doesNotContain("99", "1.10");
            JsonNode verified =
                    shell.run("verify", "--json").exits(ExitCode.FOUND).json();
            assertThat(verified.path("clean").asBoolean(true)).isFalse();
            assertThat(verified.path("collections").path(0).path("drift").asLong())
                    .isEqualTo(1);
            assertThat(shell.run("status").exits(ExitCode.FOUND).out()).contains("1 drifted");

            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("DELETE FROM expenses WHERE id = 2");
            }
            JsonNode quickly = shell.run("verify", "--quick", "--json")
                    .exits(ExitCode.FOUND)
                    .json();
            assertThat(quickly.path("quick").asBoolean()).isTrue();
            assertThat(quickly.path("collections").path(0).path("drift").asLong())
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_PRIMARY"})
    void theServiceVerifiesWhatItHasInMemory(Phase phase) throws Exception {
        shell.set("FF_DUAL_WRITE_ENABLED", "true");
        if (phase == Phase.DB_PRIMARY) {
            shell.set("FF_USE_DATABASE_STORAGE", "true");
        }
        assertThat(shell.run("verify", "--in-service")
                        .exits(ExitCode.UNREACHABLE)
                        .err())
                .contains("No process seems to hold");
        try (SwitchoverStorage storage = service.open(phase)) {
            storage.repository(EXPENSES).create(expense("1.10"));
            storage.repository(EXPENSES).create(expense("2.20"));
            assertThat(storage.awaitInSync(Duration.ofSeconds(40))).isTrue();
            storage.export();
            Path file = directory.resolve("expenses.json");
            String text = Files.readString(file);
            Files.writeString(file, "[{");
            shell.run("verify").exits(ExitCode.UNREADABLE);
            assertThat(shell.run("verify", "--in-service").exits(ExitCode.DONE).out())
                    .contains("2 ids compared", "No drift");
            Files.writeString(file, text);

            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("UPDATE expenses SET amount = 99 WHERE id = 1");
            }
            assertThat(shell.run("verify", "--in-service", "--quick")
                            .exits(ExitCode.DONE)
                            .out())
                    .contains("2 ids compared", "by version");
            assertThat(shell.run("status").exits(ExitCode.DONE).out()).doesNotContain("1 drifted");
            JsonNode asked = shell.run("verify", "--in-service", "--json")
                    .exits(ExitCode.FOUND)
                    .json();
            assertThat(asked.path("byService").asBoolean()).isTrue();
            assertThat(shell.run("status").exits(ExitCode.FOUND).out()).contains("1 drifted");
            JsonNode read = shell.run("verify", "--json").exits(ExitCode.FOUND).json();
            assertThat(asked.path("collections").path(0).path("findings"))
                    .isNotEmpty()
                    .isEqualTo(read.path("collections").path(0).path("findings"));
            assertThat(shell.run("verify", "--in-service", "--collection", "expenses")
                            .exits(ExitCode.FOUND)
                            .out())
                    .contains("expenses CONTENT 1", "/amount")
                    .doesNotContain("99", "1.10");
        }
    }

    /** Without the service nobody is waited for: who forgot it would have the files read, and all records held. */
    @Test
    void patienceWithoutTheServiceIsNotUnderstood() {
        shell.set("FF_DUAL_WRITE_ENABLED", "true");
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
            assertThat(storage.awaitInSync(Duration.ofSeconds(40))).isTrue();
            for (String minutes : List.of("5", "10")) {
                Shell.Answer answer = shell.run("verify", "--patience", minutes).exits(ExitCode.USAGE);
                assertThat(answer.err()).contains("--patience", "add --in-service", "verify --help");
                assertThat(answer.out()).isEmpty();
            }
            shell.run("verify", "--quick", "--patience", "5").exits(ExitCode.USAGE);
            shell.run("verify", "--in-service", "--patience", "5").exits(ExitCode.DONE);
            for (String none : List.of("0", "-1", "soon", "1.5", "9999999999")) {
                assertThat(shell.run("verify", "--in-service", "--patience=" + none)
                                .exits(ExitCode.USAGE)
                                .err())
                        .contains("--patience", "a number of minutes from 1 to 525600, not '" + none + "'");
            }
        }
    }

    @Test
    void theMeterTellsWhatGoingBackWouldMeanAlsoAfterDatabaseOnly() {
        shell.set("FF_USE_DATABASE_STORAGE", "true");
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.repository(EXPENSES).create(expense("1.10"));

            assertThat(shell.run("rollback-check", "--collection", "expenses")
                            .exits(ExitCode.DONE)
                            .out())
                    .contains("nothing is lost", "1 ids", "MISSING 1");
            JsonNode report =
                    shell.run("rollback-check", "--json").exits(ExitCode.DONE).json();
            assertThat(report.path("safe").asBoolean()).isTrue();
            assertThat(report.path("collections").path(0).path("lacking").asLong())
                    .isEqualTo(1);
            assertThat(shell.run("rollback-check", "--forward")
                            .exits(ExitCode.DONE)
                            .out())
                    .contains("it is the authority already");
        }
        shell.set("DATABASE_URL", "postgresql://user:s3cret@127.0.0.1:1/db")
                .set("SWITCHOVER_CONNECTION_TIMEOUT", "300ms");
        Shell.Answer answer = shell.run("rollback-check");
        assertThat(answer.exit()).isIn(ExitCode.REFUSED.code(), ExitCode.UNREACHABLE.code());
        assertThat(answer.out() + answer.err()).doesNotContain("s3cret");
        shell.run("verify").exits(ExitCode.UNREACHABLE);
    }
}
