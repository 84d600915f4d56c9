package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody writes rows with SQL; with the trigger the mirror gets them too. */
class RoundTheLibraryTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @Test
    void withTheTriggerTheMirrorGetsWhatWasWrittenRoundTheLibrary() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY);
                    Operator operator = service.operator(Phase.DB_PRIMARY)) {
                for (int i = 1; i <= 3; i++) {
                    storage.repository(EXPENSES).create(expense(String.valueOf(i)));
                }
                storage.repository(NOTES).save(new Note("a", "x"));
                assertThat(storage.awaitInSync(SOON)).isTrue();
                assertThat(operator.tables().triggerSql()).contains("CREATE OR REPLACE TRIGGER");
                operator.tables().applyTrigger();
                operator.tables().applyTrigger(); // again does no harm

                sql(database, "UPDATE expenses SET amount = 77 WHERE id = 2");
                sql(database, "DELETE FROM expenses WHERE id = 3");
                sql(
                        database,
                        "INSERT INTO expenses (id, date, category, amount) VALUES (90, DATE '2026-01-05', 'food', 9)");
                sql(database, "BEGIN; UPDATE notes SET id = 'b', body = '{\"id\":\"b\",\"text\":\"y\"}'; COMMIT");
                await().atMost(SOON).until(() -> storage.verify().stream().allMatch(report -> report.inStep()));
                assertThat(storage.verify(EXPENSES).compared()).isEqualTo(3);

                // The library's own writes have their mark already, and are carried over once.
                storage.repository(EXPENSES).delete(1L);
                storage.repository(EXPENSES).create(expense("5"));
                assertThat(storage.awaitInSync(SOON)).isTrue();
                assertThat(storage.verify(EXPENSES).inStep()).isTrue();

                operator.tables().removeTrigger();
                sql(database, "UPDATE expenses SET amount = 78 WHERE id = 2");
                assertThat(storage.verify(EXPENSES).drift()).isEqualTo(1);
            }
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY);
                    Operator operator = service.operator(Phase.DB_ONLY)) {
                operator.tables().applyTrigger();
                sql(database, "UPDATE expenses SET amount = 79 WHERE id = 2");
                assertThat(pending(database))
                        .as("nothing is mirrored, so nothing is pending")
                        .isZero();
            }
        }
    }

    private static long pending(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM switchover_pending")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void sql(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
