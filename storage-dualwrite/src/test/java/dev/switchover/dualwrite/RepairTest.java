package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.repair.Repair.Wish;
import dev.switchover.dualwrite.repair.RepairReport;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mirror that drifted is made equal again, and nothing is lost by it. */
class RepairTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @Test
    void aDriftingMirrorIsRepairedThroughTheServiceAndWhatItHadIsSavedAside() throws SQLException, IOException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY);
                    Operator operator = service.operator(Phase.JSON_PRIMARY)) {
                drift(database, storage);

                RepairReport plan = operator.repairPlan("expenses", Wish.NOTHING_DELETED, step -> {});
                assertThat(plan.done()).isFalse();
                assertThat(plan.repaired()).isEqualTo(2);
                assertThat(plan.leftExtra()).isEqualTo(1);
                assertThat(plan.found().findings()).hasSize(3);
                assertThat(storage.verify(EXPENSES).drift())
                        .as("a plan changes nothing")
                        .isEqualTo(3);

                RepairReport some =
                        operator.repair("expenses", new Wish(false, Set.of("3")), SOON, RequestProgress.NONE);
                assertThat(some.repaired()).isEqualTo(1);
                assertThat(some.savedAside()).isZero();

                RepairReport done = operator.repair("expenses", Wish.NOTHING_DELETED, SOON, RequestProgress.NONE);
                assertThat(done.done()).isTrue();
                assertThat(done.repaired()).isEqualTo(1);
                assertThat(done.inStep()).isTrue();
                assertThat(done.leftExtra()).isEqualTo(1);
                assertThat(done.drift()).isEqualTo(1);
                assertThat(storage.status()
                                .collections()
                                .get(0)
                                .lastVerification()
                                .drift())
                        .as("what the repair left")
                        .isEqualTo(1);
                assertThat(Files.readString(Path.of(done.file())))
                        .contains("\"id\":\"2\"")
                        .contains("overwritten by a repair")
                        .contains("77");
                VerificationReport left = storage.verify(EXPENSES);
                assertThat(left.findings()).singleElement().asString().contains("EXTRA 9");

                RepairReport last = storage.repair(EXPENSES, new Wish(true, Set.of()), SOON);
                assertThat(last.deleted()).isEqualTo(1);
                assertThat(Files.readString(Path.of(last.file()))).contains("\"id\":\"9\"");
                assertThat(storage.verify(EXPENSES).inStep()).isTrue();
                assertThat(storage.reports(Report.REPAIR, EXPENSES, 10)).hasSize(3);
                assertThat(storage.repository(EXPENSES).findAll()).hasSize(3);
            }
        }
    }

    @Test
    void withoutAServiceTheOperatorRepairsByItself() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                for (int i = 1; i <= 3; i++) {
                    storage.repository(EXPENSES).create(expense(String.valueOf(i)));
                }
                assertThat(storage.awaitInSync(SOON)).isTrue();
            }
            sql(database, "UPDATE expenses SET amount = 77 WHERE id = 2");
            try (Operator operator = service.operator(Phase.DB_PRIMARY)) {
                RepairReport done = operator.repair("expenses", Wish.NOTHING_DELETED, SOON, RequestProgress.NONE);
                assertThat(done.repaired()).isEqualTo(1);
                assertThat(done.inStep()).isTrue();
                assertThat(operator.verify().get(0).inStep()).isTrue();
            }
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                assertThat(storage.repository(EXPENSES)
                                .findById(2L)
                                .orElseThrow()
                                .amount())
                        .isEqualByComparingTo("77");
            }
        }
    }

    @Test
    void whereNothingIsMirroredNothingIsRepaired() {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                storage.repository(NOTES).save(new Note("a", "x"));
                RepairReport plan = storage.repairPlan(NOTES, Wish.NOTHING_DELETED);
                assertThat(plan.refusal()).startsWith("NO-MIRROR");
                assertThat(plan.repaired()).isZero();
            }
        }
    }

    /** 2 differs, 3 is missing, 9 is extra. */
    private static void drift(TestDatabase database, SwitchoverStorage storage) throws SQLException {
        for (int i = 1; i <= 3; i++) {
            storage.repository(EXPENSES).create(expense(String.valueOf(i)));
        }
        assertThat(storage.awaitInSync(SOON)).isTrue();
        sql(database, "UPDATE expenses SET amount = 77 WHERE id = 2");
        sql(database, "DELETE FROM expenses WHERE id = 3");
        sql(
                database,
                "INSERT INTO expenses (id, date, category, amount, switchover_version, switchover_order)"
                        + " VALUES (9, DATE '2026-01-05', 'food', 9, 1, 99)");
    }

    private static void sql(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
