package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.rollback.RollbackReport;
import dev.switchover.dualwrite.rollback.RollbackReport.Outcome;
import dev.switchover.dualwrite.testing.TcpProxy;
import dev.switchover.dualwrite.verify.Finding;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rollback meter says in each phase, and that a start comes to just that. */
class RollbackTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @Test
    void afterALongTimeInTheDatabaseAloneEveryIdThatJsonLacksIsToldAndGoingBackCarriesThemOver() {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                for (int i = 1; i <= 5; i++) {
                    storage.repository(EXPENSES).create(expense(i + ".50"));
                }
                assertThat(storage.awaitInSync(SOON)).isTrue();
                assertThat(storage.rollback())
                        .extracting(RollbackReport::outcome, RollbackReport::lacking)
                        .containsOnly(org.assertj.core.groups.Tuple.tuple(Outcome.READY, 0L));
                assertThat(storage.forward())
                        .extracting(RollbackReport::outcome)
                        .containsOnly(Outcome.SERVES);
            }
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY);
                    Operator operator = service.operator(Phase.DB_ONLY)) {
                Repository<Expense, Long> expenses = storage.repository(EXPENSES);
                expenses.create(expense("6"));
                expenses.create(expense("7"));
                expenses.save(expenses.findById(2L).orElseThrow().with(new BigDecimal("2.51")));
                expenses.delete(3L);

                List<Finding> told = new ArrayList<>();
                RollbackReport report = operator.rollback("expenses", step -> {}, told::add);

                assertThat(report.outcome()).isEqualTo(Outcome.CATCHES_UP);
                assertThat(report.authority()).isEqualTo(Store.POSTGRESQL);
                assertThat(report.lacking()).isEqualTo(4);
                assertThat(report.complete()).isTrue();
                assertThat(report.findings()).isEqualTo(told);
                assertThat(told.stream().map(finding -> finding.kind() + " " + finding.id() + " " + finding.paths()))
                        .containsExactly("CONTENT 2 [/amount]", "EXTRA 3 []", "MISSING 6 []", "MISSING 7 []");
                assertThat(report.duration()).isPositive();
                assertThat(report.basis()).contains("compared just now");
                assertThat(report.toJson()).contains("\"lacking\":4").doesNotContain("2.51");
                assertThat(storage.rollback().get(0).lacking()).isEqualTo(4);
            }
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                assertThat(storage.repository(EXPENSES).findAll())
                        .extracting(Expense::id)
                        .containsExactly(1L, 2L, 4L, 5L, 6L, 7L);
                assertThat(storage.rollback())
                        .extracting(RollbackReport::outcome)
                        .containsOnly(Outcome.SERVES);
                assertThat(storage.awaitInSync(SOON)).isTrue();
                assertThat(storage.forward().get(0).lacking()).isZero();
                // What the copy just took is what the next estimate goes by.
                assertThat(storage.reports(Report.COPY, EXPENSES, 1).get(0).text("to"))
                        .isEqualTo("JSON");
            }
        }
    }

    @Test
    void goingOnToADatabaseThatIsStillEmptyLacksEverything() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            Files.writeString(
                    directory.resolve("notes.json"), "[{\"id\":\"a\",\"text\":\"x\"},{\"id\":\"b\",\"text\":\"y\"}]");
            try (Operator operator = service.operator(Phase.JSON_ONLY)) {
                RollbackReport report = operator.forward("notes", step -> {}, finding -> {});
                assertThat(report.outcome()).isEqualTo(Outcome.CATCHES_UP);
                assertThat(report.lacking()).isEqualTo(2);
            }
        }
    }

    @Test
    void whatIsParkedOrPendingIsToldAndARefusalIsTheOneTheStartGives() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY);
                    Operator operator = service.operator(Phase.JSON_PRIMARY)) {
                storage.repository(EXPENSES).create(expense("1"));
                assertThat(storage.awaitInSync(SOON)).isTrue();
                sql(database, "ALTER TABLE expenses ADD CONSTRAINT small CHECK (amount < 100)");
                storage.repository(EXPENSES).create(expense("1000"));
                await().atMost(SOON).until(() -> storage.parked(EXPENSES).size() == 1);

                RollbackReport report = operator.forward().get(0);
                assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
                assertThat(report.code()).isEqualTo("PARKED-RECORDS");
                assertThat(report.lacking()).isEqualTo(1);
                assertThat(report.parked()).isEqualTo(1);
                assertThat(operator.forward().get(1).safe()).isTrue();
            }
            assertThatThrownBy(() -> service.open(Phase.DB_PRIMARY))
                    .isInstanceOfSatisfying(
                            StartRefusedException.class,
                            refused -> assertThat(refused.code()).isEqualTo("PARKED-RECORDS"));
        }
    }

    @Tag("slow")
    @Test
    void withTheDatabaseAwayTheMeterSaysWhatItCannotKnow() {
        try (TestDatabase database = TestDatabase.create()) {
            try (TcpProxy proxy = TcpProxy.before(database)) {
                ServiceUnderTest service = new ServiceUnderTest(directory, proxy.url());
                try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                    storage.repository(NOTES).save(new Note("a", "x"));
                }
                proxy.cut();
                try (Operator operator = service.operator(Phase.DB_PRIMARY)) {
                    RollbackReport report = operator.rollback().get(1);
                    assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
                    assertThat(report.code()).isEqualTo("AUTHORITY-UNREACHABLE");
                    assertThat(report.authority()).isEqualTo(Store.POSTGRESQL);
                    assertThat(report.lacking()).isEqualTo(-1);
                    assertThat(report.unknown()).singleElement().asString().contains("PostgreSQL");
                }
                assertThatThrownBy(() -> service.open(Phase.JSON_PRIMARY))
                        .isInstanceOfSatisfying(
                                StartRefusedException.class,
                                refused -> assertThat(refused.code()).isEqualTo("AUTHORITY-UNREACHABLE"));
            }
        }
    }

    @Test
    void aDatabaseOfAnotherDataSetIsRefusedHereAsThere(@TempDir Path elsewhere) {
        try (TestDatabase database = TestDatabase.create();
                TestDatabase other = TestDatabase.create()) {
            new ServiceUnderTest(directory, database).open(Phase.DB_PRIMARY).close();
            new ServiceUnderTest(elsewhere, other).open(Phase.DB_PRIMARY).close();
            ServiceUnderTest mixed = new ServiceUnderTest(directory, other);
            try (Operator operator = mixed.operator(Phase.DB_PRIMARY)) {
                assertThat(operator.rollback())
                        .allSatisfy(report -> assertThat(report.code()).isEqualTo("LINEAGE-DIFFERS"));
            }
        }
    }

    private static void sql(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
