package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A constraint refuses records; an operator deals with them beside the service and, when that has stopped, without it. */
class ParkedCommandsTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @Test
    void parkedRecordsAreListedDiscardedAndRetriedBesideTheServiceAndWithoutIt() throws SQLException, IOException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            Shell shell = Shell.of(directory, EXPENSES, NOTES)
                    .set("DATABASE_URL", database.url())
                    .set("FF_DUAL_WRITE_ENABLED", "true");
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                storage.repository(EXPENSES).create(expense("1"));
                assertThat(storage.awaitInSync(SOON)).isTrue();
                assertThat(shell.run("parked", "list").exits(ExitCode.DONE).out())
                        .contains("Nothing is parked");
                sql(database, "ALTER TABLE expenses ADD CONSTRAINT small CHECK (amount < 100)");
                storage.repository(EXPENSES).saveAll(List.of(expense("1000"), expense("2000"), expense("3000")));
                await().atMost(SOON).until(() -> storage.parked(EXPENSES).size() == 3);

                JsonNode parked = shell.run("parked", "list", "--json")
                        .exits(ExitCode.FOUND)
                        .json();
                assertThat(parked.path("parked")).hasSize(3);
                assertThat(parked.path("parked").path(0).path("reason").asText())
                        .contains("23514")
                        .doesNotContain("1000");
                assertThat(shell.run("status").exits(ExitCode.FOUND).out()).contains("parked    3");
                assertThat(shell.run("plan", "--phase", "db-primary")
                                .exits(ExitCode.REFUSED)
                                .out())
                        .contains("PARKED-RECORDS");

                refusesToDiscardWithoutConfirmation(shell);
                assertThat(shell.run("parked", "discard", "expenses", "2", "--yes")
                                .exits(ExitCode.DONE)
                                .out())
                        .contains("1 record is discarded");
                assertThat(storage.parked(EXPENSES)).hasSize(2);
                // Again, and of one that never was parked: nothing is given up, nothing is saved aside.
                assertThat(shell.run("parked", "discard", "expenses", "1", "2", "--yes")
                                .exits(ExitCode.DONE)
                                .out())
                        .contains("0 records are discarded");
                try (Stream<Path> aside = Files.list(directory.resolve(".switchover/aside"))) {
                    assertThat(aside).hasSize(1);
                }
                sql(database, "ALTER TABLE expenses DROP CONSTRAINT small");
                shell.run("parked", "retry", "expenses", "3").exits(ExitCode.DONE);
                await().atMost(SOON).until(() -> storage.parked(EXPENSES).size() == 1);
            }
            // The service has stopped: the command takes the lock for a moment.
            JsonNode retried = shell.run("parked", "retry", "expenses", "--all", "--json")
                    .exits(ExitCode.DONE)
                    .json();
            assertThat(retried.path("changed").asInt()).isEqualTo(1);
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                assertThat(storage.repository(EXPENSES).count()).isEqualTo(4);
            }
        }
    }

    private static void refusesToDiscardWithoutConfirmation(Shell shell) {
        assertThat(shell.run("parked", "discard", "expenses")
                        .exits(ExitCode.USAGE)
                        .err())
                .contains("--all");
        Shell.Answer answer =
                shell.run("parked", "discard", "expenses", "--all").exits(ExitCode.NOT_CONFIRMED);
        assertThat(answer.err()).contains("3 parked records", "--yes");
        assertThat(shell.answering("no")
                        .run("parked", "discard", "expenses", "--all")
                        .exits(ExitCode.NOT_CONFIRMED)
                        .err())
                .contains("Go on?", "Nothing was changed");
        assertThat(shell.silent().run("parked", "list").exits(ExitCode.FOUND).out())
                .contains("3 parked");
        shell.run("parked", "retry", "expenses", "one").exits(ExitCode.USAGE);
    }

    private static void sql(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
