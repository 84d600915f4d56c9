package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.storage.Phase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepairCommandTest extends CommandTest {

    @BeforeEach
    void mirrored() {
        shell.set("FF_DUAL_WRITE_ENABLED", "true");
    }

    @Test
    void idsOfAnyKindAreTakenAsTheyAreAndShownWithoutHarm() throws SQLException {
        String hostile = "a\n1\u001b[2J\u202e";
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(NOTES).save(new Note(hostile, "x"));
            storage.repository(NOTES).save(new Note("1\u001b[2J", "y"));
            assertThat(storage.awaitInSync(Duration.ofSeconds(40))).isTrue();
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("DELETE FROM notes");
            }

            String shown = shell.run("verify").exits(ExitCode.FOUND).out();
            assertThat(shown).doesNotContain("\u001b", "\u202e").contains("notes MISSING a\\u000a1\\u001b[2J\\u202e");
            Shell.Answer answer = shell.run("repair", "--dry-run", "--json");
            assertThat(answer.out()).doesNotContain("\u001b", "\u202e");
            JsonNode found =
                    answer.json().path("collections").path(1).path("found").path("findings");
            assertThat(found.findValuesAsText("id")).containsExactlyInAnyOrder(hostile, "1\u001b[2J");
            shell.run("repair", "--collection", "notes", "--id", hostile, "--yes")
                    .exits(ExitCode.FOUND);
            VerificationReport left = storage.verify(NOTES);
            assertThat(left.findings()).singleElement().asString().startsWith("MISSING 1");
        }
    }

    @Test
    void driftIsShownAndRepairedWhenTold() throws SQLException {
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
            assertThat(storage.awaitInSync(Duration.ofSeconds(40))).isTrue();
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("UPDATE expenses SET amount = 99 WHERE id = 1");
            }

            assertThat(shell.run("repair", "--dry-run").exits(ExitCode.FOUND).out())
                    .contains("1 ids would be", "CONTENT 1", "/amount");
            assertThat(shell.run("repair").exits(ExitCode.NOT_CONFIRMED).err()).contains("--yes");
            shell.run("verify").exits(ExitCode.FOUND);
            assertThat(shell.run("repair", "--yes").exits(ExitCode.DONE).out()).contains("1 ids were");
            // It was compared again afterwards, so nobody is alarmed by what is mended.
            shell.run("status").exits(ExitCode.DONE);
            shell.run("verify").exits(ExitCode.DONE);
        }
    }
}
