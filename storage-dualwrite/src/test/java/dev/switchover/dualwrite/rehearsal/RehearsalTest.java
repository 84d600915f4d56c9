package dev.switchover.dualwrite.rehearsal;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static dev.switchover.dualwrite.ServiceUnderTest.flags;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.postgres.DatabaseUrl;
import dev.switchover.postgres.PostgresSettings;
import dev.switchover.postgres.ScratchSchema;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {

    @TempDir
    Path directory;

    @TempDir
    Path scratch;

    private TestDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestDatabase.create();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private RehearsalReport rehearse(CollectionDefinition<?, ?>... definitions) {
        Map<String, String> environment = new HashMap<>(flags(Phase.JSON_ONLY));
        environment.put("DATABASE_URL", database.url());
        Switchover.Builder builder = Switchover.builder().directory(directory).environment(environment);
        for (CollectionDefinition<?, ?> definition : definitions) {
            builder.collection(definition);
        }
        try (Operator operator = builder.operator()) {
            return operator.rehearse(scratch, RequestProgress.NONE);
        }
    }

    /** Everything there is: each file by its digest, each table by its rows. */
    private Map<String, String> everything() throws Exception {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(
                        directory.relativize(file).toString(),
                        FileDigest.of(file).sha256());
            }
        }
        for (String table : query("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")) {
            all.put(table, String.join("\n", query("SELECT t::text FROM " + table + " t ORDER BY 1")));
        }
        for (String sequence : query("SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences")) {
            all.put(sequence, String.join("", query("SELECT last_value::text || is_called FROM " + sequence)));
        }
        return all;
    }

    private List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    private void assertNothingIsLeft() throws SQLException, IOException {
        assertThat(query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'switchover_rehearsal%'"))
                .isEmpty();
        try (Stream<Path> left = Files.list(scratch)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void theWholeRoadIsPlayedAndNothingRealIsTouched() throws Exception {
        Files.writeString(
                directory.resolve("notes.json"),
                "[ {\"id\":\"a\",\"text\":\"1.10\"} ,\n{\"id\":\"b\",\"text\":\"é\"}]\n");
        Files.writeString(
                directory.resolve("expenses.json"),
                "[{\"id\":7,\"date\":\"2026-01-05\",\"category\":\"food\",\"amount\":1.10,\"notes\":null}]");
        Map<String, String> before = everything();
        RehearsalReport report = rehearse(EXPENSES, NOTES);
        assertThat(report.problem()).isNull();
        assertThat(report.passed()).as(report.toString()).isTrue();
        assertThat(report.steps())
                .extracting(RehearsalReport.Step::name)
                .containsSubsequence(
                        "preflight",
                        "JSON_ONLY",
                        "JSON_PRIMARY, backfill",
                        "DB_PRIMARY",
                        "export",
                        "back to JSON_ONLY",
                        "compare with the copy");
        assertThat(report.collections())
                .extracting(RehearsalReport.CollectionOutcome::collection)
                .containsExactly("expenses", "notes");
        assertThat(report.collections().get(1).sameFile()).isTrue();
        assertThat(report.toJson()).contains("\"passed\":true");
        assertThat(everything()).isEqualTo(before);
        assertNothingIsLeft();
    }

    @Test
    void aServiceThatRunsInDatabaseOnlyIsRehearsedBesideIt() throws Exception {
        ServiceUnderTest service = new ServiceUnderTest(directory, database);
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.repository(NOTES).save(new Note("a", "text"));
            storage.repository(EXPENSES).create(expense("2.50"));
            Map<String, String> before = everything();
            RehearsalReport report = rehearse(EXPENSES, NOTES);
            assertThat(report.passed()).as(report.toString()).isTrue();
            assertThat(everything()).isEqualTo(before);
        }
        assertNothingIsLeft();
    }

    @Test
    void aRecordThatWouldBeTroubleIsReportedAndNothingIsPlayed() throws Exception {
        Files.writeString(directory.resolve("notes.json"), "[{\"id\":\"a\",\"text\":\"\\u0000\"}]");
        Map<String, String> before = everything();
        RehearsalReport report = rehearse(NOTES);
        assertThat(report.passed()).isFalse();
        assertThat(report.problem()).contains("preflight");
        assertThat(report.toJson()).contains("\"refused\":1");
        assertThat(everything()).isEqualTo(before);
        assertNothingIsLeft();
    }

    @Test
    void whatFailsHalfWayIsReportedAndClearedAwayToo() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE theirs (id text PRIMARY KEY, text text CHECK (text <> 'never'))");
        }
        Files.writeString(directory.resolve("notes.json"), "[{\"id\":\"a\",\"text\":\"never\"}]");
        CollectionDefinition<Note, String> notes = CollectionDefinition.of("notes", Note.class, String.class)
                .table(TableLayout.columns().existingTable("public.theirs"))
                .build();
        Map<String, String> before = everything();
        RehearsalReport report = rehearse(notes);
        assertThat(report.passed()).isFalse();
        assertThat(report.steps()).last().satisfies(step -> {
            assertThat(step.passed()).isFalse();
            assertThat(step.name()).contains("JSON_PRIMARY");
        });
        assertThat(everything()).isEqualTo(before);
        assertNothingIsLeft();
    }

    @Test
    void furtherCopiesOfAFileAndQualifiedTablesAreNotWritten() throws Exception {
        Path published = scratch.resolveSibling(scratch.getFileName() + "-published.json");
        CollectionDefinition<Note, String> notes = CollectionDefinition.of("notes", Note.class, String.class)
                .json(JsonLayout.array().copy(published.toString()))
                .table(TableLayout.columns().table("public.real_notes"))
                .build();
        Files.writeString(directory.resolve("notes.json"), "[{\"id\":\"a\",\"text\":\"x\"}]");
        RehearsalReport report = rehearse(notes);
        assertThat(report.passed()).as(report.toString()).isTrue();
        assertThat(published).doesNotExist();
        assertThat(query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
                .isEmpty();
    }

    @Test
    void whatAKilledRehearsalLeftIsClearedAwayAndWhatSomebodyUsesIsNot() throws Exception {
        Files.writeString(directory.resolve("notes.json"), "[]");
        Files.createDirectories(scratch.resolve("switchover-rehearsal-killed/data"));
        Files.writeString(scratch.resolve("switchover-rehearsal-killed/in-use.lock"), "");
        Path theirs = Files.createDirectory(scratch.resolve("switchover-rehearsal-of-somebody"));
        PostgresSettings settings = PostgresSettings.of(DatabaseUrl.parse(database.url()));
        try (ScratchSchema busy = ScratchSchema.create(settings);
                ScratchFolder used = ScratchFolder.create(scratch);
                ScratchSchema killed = ScratchSchema.create(settings);
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA switchover_rehearsal_0123456789abcdef");
            statement.execute(
                    "UPDATE " + killed.name() + ".switchover_rehearsal SET told = now() - interval '3 minutes'");
            assertThat(rehearse(NOTES).passed()).isTrue();
            assertThat(query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'switchover_rehearsal%'"))
                    .as("in use, and without our mark")
                    .containsExactlyInAnyOrder(busy.name(), "switchover_rehearsal_0123456789abcdef");
            assertThat(used.path()).exists();
            assertThat(theirs).exists();
            assertThat(scratch.resolve("switchover-rehearsal-killed")).doesNotExist();
        }
    }

    @Test
    void withoutADatabaseThereIsNothingToRehearseAgainst() {
        try (Operator operator = Switchover.builder()
                .directory(directory)
                .environment(flags(Phase.JSON_ONLY))
                .collection(NOTES)
                .operator()) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> operator.rehearse(scratch, RequestProgress.NONE))
                    .hasMessageContaining("DATABASE_URL");
        }
    }

    @Test
    void timesAreTold() throws Exception {
        Files.writeString(directory.resolve("notes.json"), "[]");
        assertThat(rehearse(NOTES).steps()).allMatch(step -> step.took().compareTo(Duration.ZERO) > 0);
    }
}
