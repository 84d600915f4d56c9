package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.repository.RawAccess;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the record classes do not know stays with the record, whoever carries or changes it, in both table layouts. */
class UnknownFieldsTest {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String EXTRA = "\"extra\":{\"k\":1.10,\"é\":[null,-0.0]}";

    @TempDir
    Path directory;

    private void files() throws IOException {
        Files.writeString(directory.resolve("notes.json"), "[{\"id\":\"a\"," + EXTRA + ",\"text\":\"t\"}]");
        Files.writeString(
                directory.resolve("expenses.json"),
                "[{\"id\":1,\"date\":\"2026-01-05\",\"category\":\"food\",\"amount\":1," + EXTRA + "}]");
    }

    /** Changes both records, and looks at what is stored then. */
    private static void update(SwitchoverStorage storage) {
        storage.repository(NOTES).update("a", note -> new Note(note.id(), note.text() + "+"));
        storage.repository(EXPENSES)
                .update(1L, expense -> expense.with(expense.amount().add(BigDecimal.ONE)));
        assertExtra(storage);
    }

    private static void assertExtra(SwitchoverStorage storage) {
        assertThat(RawAccess.of(storage).text(NOTES, "a")).contains(EXTRA);
        // White space is the library's where a record lies in columns.
        assertThat(RawAccess.of(storage).text(EXPENSES, "1").replaceAll("\\s", ""))
                .contains(EXTRA);
    }

    private static String ask(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    @Test
    void aTypedUpdateKeepsThemInEveryPhaseAndEveryChangeOfPhase() throws IOException {
        files();
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            for (Phase phase : List.of(
                    Phase.JSON_ONLY,
                    Phase.JSON_PRIMARY,
                    Phase.DB_PRIMARY,
                    Phase.DB_ONLY,
                    Phase.JSON_PRIMARY,
                    Phase.JSON_ONLY,
                    Phase.DB_ONLY,
                    Phase.JSON_ONLY)) {
                try (SwitchoverStorage storage = service.open(phase)) {
                    update(storage);
                }
            }
            assertThat(Files.readString(directory.resolve("notes.json"))).contains(EXTRA, "t++++++++");
            assertThat(Files.readString(directory.resolve("expenses.json")).replaceAll("\\s", ""))
                    .contains(EXTRA, "\"amount\":9");
        }
    }

    @Test
    void theCopyOfASwitchoverRepairsWhatAMirrorLost() throws IOException, SQLException {
        files();
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                assertThat(storage.awaitInSync(SOON)).isTrue();
            }
            assertThat(ask(database, "SELECT body FROM notes")).contains(EXTRA);
            ask(database, "UPDATE notes SET body = '{\"id\":\"a\",\"text\":\"t\"}'");
            ask(database, "UPDATE expenses SET switchover_rest = NULL");
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                assertExtra(storage);
                update(storage);
                assertThat(storage.awaitInSync(SOON)).isTrue();
            }
            String file = Files.readString(directory.resolve("notes.json"));
            assertThat(file).contains(EXTRA + ",");
            Files.writeString(directory.resolve("notes.json"), file.replace(EXTRA + ",", ""));
            try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
                assertExtra(storage);
            }
        }
    }

    @Test
    void aRecordThatWasParkedArrivesWithThem() throws IOException, SQLException {
        files();
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                assertThat(storage.awaitInSync(SOON)).isTrue();
                ask(database, "ALTER TABLE notes ADD CONSTRAINT small CHECK (length(body::text) < 80)");
                ask(database, "ALTER TABLE expenses ADD CONSTRAINT small CHECK (amount < 2)");
                storage.repository(NOTES).update("a", note -> new Note(note.id(), "x".repeat(100)));
                storage.repository(EXPENSES).update(1L, expense -> expense.with(BigDecimal.TEN));
                await().atMost(SOON)
                        .until(() -> storage.parked(NOTES).size() == 1
                                && storage.parked(EXPENSES).size() == 1);
                ask(database, "ALTER TABLE notes DROP CONSTRAINT small");
                ask(database, "ALTER TABLE expenses DROP CONSTRAINT small");
                storage.retryParked(NOTES, List.of("a"));
                storage.retryParked(EXPENSES, List.of(1L));
                assertThat(storage.awaitInSync(SOON)).isTrue();
                await().atMost(SOON)
                        .until(() -> ask(database, "SELECT body FROM notes").contains("xxx"));
            }
            assertThat(ask(database, "SELECT body FROM notes")).contains(EXTRA);
            assertThat(ask(database, "SELECT amount || ' ' || switchover_rest FROM expenses")
                            .replaceAll("\\s", ""))
                    .startsWith("10{")
                    .contains(EXTRA);
        }
    }
}
