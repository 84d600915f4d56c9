package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
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

/** A constraint in the database refuses a record that JSON has taken. */
class ParkedTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @Test
    void aRecordTheMirrorRefusesIsParkedBlocksASwitchoverAndCanBeRetriedOrDiscarded() throws SQLException, IOException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                storage.repository(EXPENSES).create(expense("1"));
                assertThat(storage.awaitInSync(SOON)).isTrue();
                sql(database, "ALTER TABLE expenses ADD CONSTRAINT small CHECK (amount < 100)");

                storage.repository(EXPENSES).saveAll(List.of(expense("1000"), expense("2000")));
                storage.repository(EXPENSES).create(expense("2"));
                await().atMost(SOON).until(() -> storage.parked(EXPENSES).size() == 2);
                await().atMost(SOON).until(() -> count(database) == 2);
                assertThat(storage.parked(EXPENSES).get(0).reason())
                        .contains("23514")
                        .doesNotContain("1000");
            }
            assertThatThrownBy(() -> service.open(Phase.DB_PRIMARY))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("PARKED-RECORDS");

            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                assertThat(storage.discardParked(EXPENSES, List.of(2L))).isEqualTo(1);
                try (Stream<Path> aside = Files.list(directory.resolve(".switchover/aside"))) {
                    assertThat(aside).hasSize(1);
                }
                sql(database, "ALTER TABLE expenses DROP CONSTRAINT small");
                assertThat(storage.retryParked(EXPENSES, List.of(3L))).isEqualTo(1);
                await().atMost(SOON).until(() -> storage.parked(EXPENSES).isEmpty() && count(database) == 3);
            }
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                assertThat(storage.repository(EXPENSES).count()).isEqualTo(4);
            }
        }
    }

    private static void sql(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long count(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM expenses")) {
            row.next();
            return row.getLong(1);
        }
    }
}
