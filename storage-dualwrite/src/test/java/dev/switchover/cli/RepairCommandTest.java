package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.SwitchoverStorage;
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
    void driftIsShownAndRepairedWhenTold() throws SQLException {
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
            assertThat(storage.awaitInSync(Duration.ofSeconds(40))).isTrue();
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("UPDATE expenses SET amount = 99 WHERE id = 1");
            }

            assertThat(shell.run("repair", "--dry-run").exits(ExitCode.FOUND).out())
                    .contains("1 ids would be");
            assertThat(shell.run("repair").exits(ExitCode.NOT_CONFIRMED).err()).contains("--yes");
            shell.run("verify").exits(ExitCode.FOUND);
            assertThat(shell.run("repair", "--yes").exits(ExitCode.DONE).out()).contains("1 ids were");
            shell.run("verify").exits(ExitCode.DONE);
        }
    }
}
