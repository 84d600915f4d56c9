package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearseCommandTest extends CommandTest {

    @TempDir
    Path work;

    @BeforeEach
    void mirrored() {
        shell.set("FF_DUAL_WRITE_ENABLED", "true");
    }

    @Test
    void aRehearsalBesideTheServicePassesAndLeavesNothing() {
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(EXPENSES).create(expense("1.10"));

            assertThat(shell.run("rehearse", "--work-dir", work.toString(), "--json")
                            .exits(ExitCode.DONE)
                            .json()
                            .path("passed")
                            .asBoolean())
                    .isTrue();
            assertThat(work).isEmptyDirectory();
        }
    }
}
