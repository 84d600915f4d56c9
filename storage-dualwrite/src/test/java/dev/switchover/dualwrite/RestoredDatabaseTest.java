package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StartRefusedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that is put back to an older copy while instances run on it. */
class RestoredDatabaseTest {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration SOME_LOOKS = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    private TestDatabase database;
    private ServiceUnderTest service;

    @BeforeEach
    void setUp() {
        database = TestDatabase.create();
        service = new ServiceUnderTest(directory, database);
    }

    @AfterEach
    void tearDown() {
        database.close();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void backUp() throws SQLException {
        execute("CREATE TABLE kept_counter AS SELECT last_value FROM switchover_version_expenses;"
                + " CREATE TABLE kept_pending AS TABLE switchover_pending; CREATE TABLE kept_ledger AS TABLE switchover_ledger; CREATE TABLE kept_history AS TABLE"
                + " switchover_history; CREATE TABLE kept_expenses AS TABLE expenses");
    }

    /** With the version counter, as a restored copy has it. */
    private void restore() throws SQLException {
        restoreTables();
        execute("SELECT setval('switchover_version_expenses', last_value) FROM kept_counter");
    }

    private void endConnections() throws SQLException {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <>"
                + " pg_backend_pid()");
    }

    private void restoreTables() throws SQLException {
        execute("BEGIN; TRUNCATE switchover_pending, switchover_ledger, switchover_history, expenses;"
                + " INSERT INTO switchover_ledger SELECT * FROM kept_ledger;"
                + " INSERT INTO switchover_history OVERRIDING SYSTEM VALUE SELECT * FROM kept_history;"
                + " INSERT INTO switchover_pending SELECT * FROM kept_pending;"
                + " INSERT INTO expenses SELECT * FROM kept_expenses; COMMIT");
    }

    @Test
    void aFencedInstanceStaysFencedWhenAnOlderCopySaysItsDatabaseLeads() throws SQLException {
        try (SwitchoverStorage old = service.open(Phase.DB_ONLY)) {
            Repository<Expense, Long> expenses = old.repository(EXPENSES);
            expenses.create(expense("1"));
            backUp();
            try (SwitchoverStorage fresh = service.open(Phase.JSON_ONLY)) {
                await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThatThrownBy(expenses::findAll).isInstanceOf(FencedException.class));
                restoreTables();
                fresh.repository(EXPENSES).create(expense("2"));
                await().during(SOME_LOOKS)
                        .atMost(SOON)
                        .untilAsserted(() -> assertThatThrownBy(() -> expenses.create(expense("3")))
                                .isInstanceOf(FencedException.class));
            }
        }
    }

    @Test
    void closingDoesNotHideThatTheDatabaseWentBack() throws SQLException {
        service.open(Phase.DB_ONLY).close();
        backUp();
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.repository(EXPENSES).create(expense("1"));
            restoreTables();
        }
        assertThatThrownBy(() -> service.open(Phase.DB_ONLY)).isInstanceOf(StartRefusedException.class);
    }

    @Test
    void anInstanceWhoseDatabaseWentBackServesNoMore() throws SQLException {
        service.open(Phase.DB_ONLY).close();
        backUp();
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            expenses.create(expense("1"));
            await().pollDelay(SOME_LOOKS).until(() -> true);
            restoreTables();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThatThrownBy(expenses::findAll).isInstanceOf(FencedException.class));
        }
    }

    @Test
    void noWriteIsAcknowledgedAfterTheConnectionsWereLostToAnOlderCopy() throws SQLException {
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            expenses.create(expense("1"));
            backUp();
            expenses.create(expense("2"));
            restore();
            endConnections();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThatThrownBy(() -> expenses.create(expense("3")))
                            .isInstanceOf(FencedException.class));
        }
        assertThat(countInDatabase()).isEqualTo(1);
    }

    private int countInDatabase() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM expenses")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void aDatabaseYoungerThanTheLastTokenIsNotStartedOnWhenItsMirrorHasMore(@TempDir Path elsewhere) throws Exception {
        ServiceUnderTest after;
        try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            expenses.create(expense("1"));
            assertThat(storage.awaitInSync(SOON)).isTrue();
            backUp();
            expenses.create(expense("2"));
            assertThat(storage.awaitInSync(SOON)).isTrue();
            after = service.crashedInto(elsewhere);
        }
        restore();
        assertThatThrownBy(() -> after.open(Phase.DB_PRIMARY))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("WENT-BACK-IN-TIME");
    }
}
