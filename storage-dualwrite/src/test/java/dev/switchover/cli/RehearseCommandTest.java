package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearseCommandTest {

    @TempDir
    Path directory;

    @TempDir
    Path work;

    private TestDatabase database;
    private ServiceUnderTest service;
    private Shell shell;

    @BeforeEach
    void begin() {
        database = TestDatabase.create();
        service = new ServiceUnderTest(directory, database);
        shell = Shell.of(directory, EXPENSES, NOTES)
                .set("DATABASE_URL", database.url())
                .set("FF_DUAL_WRITE_ENABLED", "true");
    }

    @AfterEach
    void end() {
        database.close();
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
