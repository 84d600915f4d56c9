package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.StorageStatus.ShadowReads;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads of a service that are asked of the mirror too, from the call to the status. */
class ShadowedCallsTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_PRIMARY"})
    void everyReadIsComparedAndDriftIsCounted(Phase phase) throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database).set("FF_SHADOW_READ_PERCENT", "100");
            try (SwitchoverStorage storage = service.open(phase)) {
                Repository<ServiceUnderTest.Expense, Long> expenses = storage.repository(EXPENSES);
                expenses.create(expense("1.10"));
                assertThat(storage.awaitInSync(SOON)).isTrue();

                assertThat(expenses.findById(1L)).isPresent();
                assertThat(expenses.findAll()).hasSize(1);
                assertThat(expenses.count()).isEqualTo(1);
                await().atMost(SOON).until(() -> shadow(storage).compared() == 3);
                assertThat(shadow(storage)).isEqualTo(new ShadowReads(100, 3, 0, 0, 0, 0));

                sql(database, "UPDATE expenses SET amount = 99 WHERE id = 1");
                assertThat(expenses.findById(1L)).isPresent();
                await().atMost(SOON).until(() -> shadow(storage).mismatched() == 1);
            }
        }
    }

    @Test
    void withoutAShareNothingIsCompared() {
        try (TestDatabase database = TestDatabase.create();
                SwitchoverStorage storage = new ServiceUnderTest(directory, database).open(Phase.DB_PRIMARY)) {
            storage.repository(EXPENSES).findAll();
            assertThat(storage.status().collections().get(0).shadow()).isNull();
        }
    }

    private static ShadowReads shadow(SwitchoverStorage storage) {
        return storage.status().collections().get(0).shadow();
    }

    private static void sql(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
