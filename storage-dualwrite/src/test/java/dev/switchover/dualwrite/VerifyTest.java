package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.reconcile.Verification.Why;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both stores compared by the service itself and by somebody beside it. */
class VerifyTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_PRIMARY"})
    void whatWasWrittenRoundTheLibraryIsFoundAndExplainedWhileWritesGoOn(Phase phase) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            AtomicBoolean stop = new AtomicBoolean();
            try (SwitchoverStorage storage = service.open(phase);
                    Operator operator = service.operator(phase)) {
                for (int i = 1; i <= 20; i++) {
                    storage.repository(EXPENSES).create(expense(i + ".50"));
                }
                assertThat(storage.awaitInSync(SOON)).isTrue();
                Thread writer = new Thread(() -> {
                    for (int i = 0; !stop.get(); i++) {
                        storage.repository(EXPENSES).create(expense("9." + i));
                    }
                });
                writer.start();
                try {
                    assertThat(storage.verify(EXPENSES).drift()).isZero();
                    assertThat(operator.verify("expenses", step -> {}, finding -> {})
                                    .drift())
                            .isZero();

                    sql(database, "UPDATE expenses SET amount = 0 WHERE id = 2");
                    sql(database, "DELETE FROM expenses WHERE id = 3");
                    for (VerificationReport report :
                            List.of(storage.verify(EXPENSES), operator.verify("expenses", s -> {}, f -> {}))) {
                        String deleted = phase.databasePhase() ? "EXTRA" : "MISSING";
                        assertThat(report.clean()).isFalse();
                        assertThat(report.findings().stream()
                                        .filter(finding -> finding.hint() != null
                                                || finding.id().equals("3"))
                                        .map(finding -> finding.kind() + " " + finding.id() + " " + finding.why() + " "
                                                + finding.paths()))
                                .contains("CONTENT 2 DRIFT [/amount]", deleted + " 3 DRIFT []");
                        assertThat(report.drift()).isEqualTo(2);
                        assertThat(report.toJson()).doesNotContain("food");
                    }
                } finally {
                    stop.set(true);
                    writer.join();
                }
                assertThat(storage.reports(Report.VERIFY, EXPENSES, 10))
                        .extracting(report -> report.number("drift", -1))
                        .containsExactly(2L, 2L, 0L, 0L);
            }
            try (Operator operator = service.operator(phase)) {
                CollectionStatus status = operator.status().collections().get(0);
                assertThat(status.lastVerification().drift()).isEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_PRIMARY"})
    void aQuickVerificationSeesWhatCameOrWentButNotWhatOnlyAVersionWouldTell(Phase phase) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            AtomicBoolean stop = new AtomicBoolean();
            try (SwitchoverStorage storage = service.open(phase);
                    Operator operator = service.operator(phase)) {
                for (int i = 1; i <= 20; i++) {
                    storage.repository(EXPENSES).create(expense(i + ".50"));
                }
                assertThat(storage.awaitInSync(SOON)).isTrue();
                Thread writer = new Thread(() -> {
                    for (int i = 0; !stop.get(); i++) {
                        storage.repository(EXPENSES).create(expense("9." + i));
                    }
                });
                writer.start();
                try {
                    VerificationReport before = storage.quickVerify(EXPENSES);
                    assertThat(before.clean()).isTrue();
                    assertThat(before.compared()).isGreaterThanOrEqualTo(20);

                    sql(database, "UPDATE expenses SET amount = 0 WHERE id = 2");
                    sql(database, "DELETE FROM expenses WHERE id = 3");
                    sql(database, "UPDATE expenses SET amount = 0, switchover_version = 1000000 + id WHERE id = 4");
                    sql(database, "UPDATE expenses SET switchover_version = 1000000 + id WHERE id = 5");
                    List<String> told = new ArrayList<>();
                    for (VerificationReport report : List.of(
                            storage.quickVerify(EXPENSES),
                            operator.quickVerify("expenses", s -> {}, finding -> told.add(finding.id())))) {
                        String deleted = phase.databasePhase() ? "EXTRA" : "MISSING";
                        assertThat(report.findings().stream()
                                        .filter(finding -> finding.why() == Why.DRIFT)
                                        .map(finding -> finding.kind() + " " + finding.id() + " " + finding.why() + " "
                                                + finding.paths()))
                                .containsExactlyInAnyOrder(deleted + " 3 DRIFT []", "CONTENT 4 DRIFT [/amount]");
                        assertThat(report.drift()).isEqualTo(2);
                        assertThat(report.kinds().versions()).isEqualTo(1);
                    }
                    assertThat(told).contains("3", "4").doesNotContain("2", "5");
                } finally {
                    stop.set(true);
                    writer.join();
                }
                assertThat(storage.reports(Report.VERIFY, EXPENSES, 10)).isEmpty();
                assertThat(storage.verify(EXPENSES).drift()).isEqualTo(3);
            }
        }
    }

    @Test
    void aQuickVerificationWhereNothingIsMirroredFindsNoDriftEither() {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                storage.repository(NOTES).save(new Note("a", "x"));
                storage.repository(NOTES).save(new Note("b", "x"));
            }
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                storage.repository(NOTES).save(new Note("b", "y"));
                storage.repository(NOTES).save(new Note("c", "z"));
                VerificationReport report = storage.quickVerify(NOTES);
                assertThat(report.clean()).isTrue();
                assertThat(report.equal()).isEqualTo(1);
                assertThat(report.notMirrored()).isEqualTo(2);
                assertThat(report.findings())
                        .extracting(finding -> finding.kind() + " " + finding.id() + " " + finding.paths())
                        .containsExactlyInAnyOrder("CONTENT b [/text]", "MISSING c []");
            }
        }
    }

    @Test
    void whatDiffersWhereNothingIsMirroredIsNoDrift() {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                storage.repository(NOTES).save(new Note("a", "x"));
            }
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                storage.repository(NOTES).save(new Note("b", "y"));
                VerificationReport report = storage.verify(NOTES);
                assertThat(report.clean()).isTrue();
                assertThat(report.inStep()).isFalse();
                assertThat(report.notMirrored()).isEqualTo(1);
                assertThat(report.primary()).isEqualTo(Store.POSTGRESQL);
                assertThat(report.findings()).singleElement().satisfies(finding -> {
                    assertThat(finding.id()).isEqualTo("b");
                    assertThat(finding.hint()).isNull();
                });
            }
        }
    }

    @Test
    void aRowThatIsNoRecordIsFoundAndTheOthersAreComparedAllTheSame() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                for (String id : List.of("a", "b", "c")) {
                    storage.repository(NOTES).save(new Note(id, "x"));
                }
                assertThat(storage.awaitInSync(SOON)).isTrue();
                sql(database, "UPDATE notes SET body = '[1]' WHERE id = 'b'");
                VerificationReport report = storage.verify(NOTES);
                List<String> found = new ArrayList<>();
                report.findings().forEach(finding -> found.add(finding.kind() + " " + finding.id()));
                assertThat(report.equal()).isEqualTo(2);
                assertThat(found).hasSize(1).first().asString().endsWith(" b");
            }
        }
    }

    @Test
    void withoutADatabaseThereIsNothingToCompareWith() {
        ServiceUnderTest service = new ServiceUnderTest(directory, (String) null);
        try (Operator operator = service.operator(Phase.JSON_ONLY)) {
            assertThatThrownBy(operator::verify)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("DATABASE_URL");
        }
    }

    private static void sql(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
