package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.backup.BackupKind;
import dev.switchover.dualwrite.plan.StartPlan;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In the database phases the JSON files are a copy: that they are damaged or gone stops nobody, and is never papered over. */
class LostCopyTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void aDamagedCopyDoesNotStopTheDatabase(Phase phase) throws IOException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = written(database);
            Files.writeString(directory.resolve("expenses.json"), "[{");
            try (SwitchoverStorage storage = service.open(phase)) {
                assertThat(storage.repository(EXPENSES).count()).isEqualTo(1);
            }
            assertThatThrownBy(() -> service.open(Phase.JSON_ONLY)).isInstanceOf(StorageException.class);
            assertThat(directory.resolve("expenses.json")).hasContent("[{");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void besideADamagedCopyThePlanIsWhatTheStartDoesAndABackupIsMade(Phase phase) throws IOException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = written(database);
            Files.writeString(directory.resolve("expenses.json"), "[{");
            try (Operator operator = service.operator(phase)) {
                assertThat(operator.plan().collections())
                        .extracting(StartPlan.Collection::step)
                        .containsOnly(StartPlan.Step.SERVE);
                assertThat(operator.backups()
                                .create(BackupKind.MANUAL, List.of())
                                .records())
                        .isEqualTo(1);
            }
            try (Operator operator = service.operator(Phase.JSON_ONLY)) {
                assertThat(operator.plan().collections())
                        .extracting(StartPlan.Collection::code)
                        .containsOnly("JSON-UNREADABLE");
            }
        }
    }

    @Test
    void aDeletedCopyDoesNotStopTheDatabase() throws IOException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = written(database);
            Files.delete(directory.resolve("expenses.json"));
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                assertThat(storage.repository(EXPENSES).count()).isEqualTo(1);
            }
        }
    }

    private ServiceUnderTest written(TestDatabase database) {
        ServiceUnderTest service = new ServiceUnderTest(directory, database);
        try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
            assertThat(storage.awaitInSync(Duration.ofSeconds(30))).isTrue();
        }
        return service;
    }
}
