package dev.switchover.dualwrite.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.preflight.Finding.Kind;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.TableLayout;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PreflightTest {

    enum Mood {
        GOOD,
        BAD
    }

    record Part(String name) {}

    record Entry(
            String id,
            @Nullable BigDecimal amount,
            @Nullable LocalDate day,
            @Nullable UUID token,
            @Nullable Mood mood,
            @Nullable Part part) {}

    record FilmId(String title, int year) {}

    record Film(String title, int year, List<String> cast) {}

    record Properties(@Nullable BigDecimal mag, @Nullable String place, long time) {}

    record Quake(String id, Properties properties) {}

    /** Where the JSON store's own tests keep real files. */
    private static final Path DATA = Path.of("..", "storage-json", "src", "test", "resources");

    private static final String GOOD =
            "{\"id\":\"ok\",\"amount\":1.10,\"day\":\"2026-01-05\",\"token\":null,\"mood\":\"GOOD\",\"part\":{\"name\":\"p\"}}";

    @TempDir
    Path directory;

    private TestDatabase database;
    private final List<Finding> findings = new ArrayList<>();

    @BeforeEach
    void setUp() {
        database = TestDatabase.create();
    }

    @AfterEach
    void tearDown() {
        database.close();
    }

    /** Both layouts of a table. */
    enum Table {
        DOCUMENT(TableLayout.document()),
        COLUMNS(TableLayout.columns());

        private final TableLayout layout;

        Table(TableLayout layout) {
            this.layout = layout;
        }

        CollectionDefinition<Entry, String> entries() {
            return entries(JsonLayout.array());
        }

        CollectionDefinition<Entry, String> entries(JsonLayout json) {
            return CollectionDefinition.of("entries", Entry.class, String.class)
                    .json(json)
                    .table(layout)
                    .build();
        }
    }

    @ParameterizedTest
    @EnumSource(Table.class)
    void everyBadRecordOfAFileIsListedByIdAndPathAndNothingIsWritten(Table table) throws Exception {
        String huge = "9".repeat(1_001);
        file(
                GOOD,
                with("nul", "\"part\":{\"name\":\"a\\u0000b\"}"),
                with("lone", "\"part\":{\"name\":\"\\ud800\"}"),
                with("digits", "\"amount\":" + huge),
                with("twice", "\"mood\":\"GOOD\",\"m\\u006fod\":\"BAD\""),
                with("deep", "\"part\":" + "[".repeat(300) + "]".repeat(300)),
                with("not a number", "\"amount\":NaN"),
                "{\"id\":7}",
                "{\"part\":null}",
                with("x".repeat(513), "\"part\":null"),
                with("ok", "\"part\":null"),
                "[]",
                with("mood", "\"mood\":\"NEITHER\""),
                with("more", "\"part\":{\"name\":\"p\",\"size\":1}"));
        Map<String, String> before = everything();

        PreflightReport report = preflight(table.entries());

        assertThat(everything()).isEqualTo(before);
        PreflightReport.CollectionReport entries = report.collections().get(0);
        assertThat(entries.jsonRecords()).isEqualTo(13);
        assertThat(report.passed()).isFalse();
        assertFound(Kind.RECORD_MALFORMED, "nul", "/part/name", "NUL");
        assertFound(Kind.RECORD_MALFORMED, "lone", "/part/name", "surrogate");
        assertFound(Kind.RECORD_MALFORMED, "digits", "/amount", "1000 digits");
        assertFound(Kind.RECORD_MALFORMED, "twice", "/mood", "twice");
        assertThat(findings)
                .anyMatch(finding -> "deep".equals(finding.id())
                        && finding.path().startsWith("/part/0/0/")
                        && finding.reason().contains("deeper than 200"));
        assertFound(Kind.RECORD_MALFORMED, "not a number", "/amount", "no JSON value");
        assertFound(Kind.ID_UNUSABLE, null, "/id", "must be a JSON string");
        assertFound(Kind.ID_UNUSABLE, null, "/id", "missing");
        assertFound(Kind.ID_UNUSABLE, null, "/id", "longer than 512 bytes");
        assertFound(Kind.ID_DUPLICATE, "ok", "", "before it");
        assertFound(Kind.FILE_MALFORMED, null, "", "no JSON object");
        assertFound(Kind.CLASS_REFUSES, "mood", "/mood", "does not fit Entry");
        assertFound(Kind.PROPERTY_UNKNOWN, "more", "/part/size", "it is kept");
        assertFound(Kind.TABLE_MISSING, null, "", "is missing");
        assertThat(entries.count(Severity.REFUSED)).isEqualTo(12);
        assertThat(findings)
                .filteredOn(finding -> finding.severity() == Severity.REFUSED && finding.kind() != Kind.FILE_MALFORMED)
                .allSatisfy(finding -> assertThat(finding.place()).startsWith("line "))
                .noneSatisfy(finding -> assertThat(finding.toString()).contains("NEITHER"));
        assertThat(entries.first()).isEqualTo(findings);
    }

    @Test
    void whatATypedColumnRefusesOrRewritesIsListed() throws Exception {
        file(
                GOOD,
                with("exponent", "\"amount\":1e2"),
                with("date", "\"day\":\"2026-02-30\""),
                with("upper", "\"token\":\"ABCDEF01-2345-6789-ABCD-EF0123456789\""),
                "{\"id\":\"absent\",\"amount\":null,\"day\":null,\"token\":null,\"mood\":null}");

        PreflightReport report = preflight(Table.COLUMNS.entries());

        assertFound(Kind.COLUMN_REFUSES, "exponent", "/amount", "without an exponent");
        assertFound(Kind.COLUMN_REFUSES, "date", "/day", "calendar date");
        assertFound(Kind.REWRITTEN, "upper", "/token", "written otherwise");
        assertFound(Kind.REWRITTEN, "absent", "/part", "comes back as null");
        assertThat(report.count(Severity.REFUSED)).isEqualTo(2);
        assertThat(report.count(Severity.CHANGED)).isEqualTo(2);

        findings.clear();
        assertThat(preflight(Table.DOCUMENT.entries()).count(Severity.CHANGED)).isZero();
        assertThat(findings)
                .filteredOn(finding -> finding.severity() == Severity.REFUSED)
                .singleElement()
                .matches(finding ->
                        finding.kind() == Kind.CLASS_REFUSES && finding.path().equals("/day"));
    }

    @Test
    void idsThatAreTheSameInAnotherSpellingCollide() throws Exception {
        Files.writeString(
                directory.resolve("tags.json"),
                "[{\"id\":\"ABCDEF01-2345-6789-ABCD-EF0123456789\"},{\"id\":\"abcdef01-2345-6789-abcd-ef0123456789\"}]");
        Files.writeString(
                directory.resolve("films.json"),
                "[{\"title\":\"a\",\"year\":1},{\"year\":1,\"title\":\"\\u0061\"},{\"title\":\"a\",\"year\":\"1\"}]");
        Files.writeString(
                directory.resolve("keyed.json"), "{\"a\":{},\"\\u0061\":{},\"b\":{\"id\":\"c\"},\"d\\u0000\":{}}");

        preflight(
                CollectionDefinition.of("tags", Map.class, UUID.class).build(),
                CollectionDefinition.of("films", Map.class, FilmId.class).build(),
                CollectionDefinition.of("keyed", Map.class, String.class)
                        .json(JsonLayout.objectKeyedById())
                        .build());

        assertFound(Kind.ID_DUPLICATE, "abcdef01-2345-6789-abcd-ef0123456789", "", "before it");
        assertFound(Kind.ID_DUPLICATE, "[\"a\",1]", "", "before it");
        assertFound(Kind.ID_UNUSABLE, null, "/year", "must be a JSON number");
        assertFound(Kind.ID_DUPLICATE, "a", "", "before it");
        assertFound(Kind.ID_UNUSABLE, "b", "/id", "differs from the key");
        assertFound(Kind.ID_UNUSABLE, null, "", "NUL");
    }

    @Test
    void whatCannotBeReadOfAFileIsSaid() throws Exception {
        Files.writeString(directory.resolve("entries.json"), "[" + GOOD + ",{\"id\":\"open\",\"part\":{]");

        PreflightReport report = preflight(Table.DOCUMENT.entries());

        assertFound(Kind.FILE_MALFORMED, null, "", "from there on, behind record 1, the file was not read");
        assertThat(report.collections().get(0).jsonRecords()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Table.class)
    void whatSomebodyDidToTheRowsIsListed(Table table) throws Exception {
        CollectionDefinition<Entry, String> entries = table.entries();
        try (SwitchoverStorage storage = open(Phase.DB_ONLY, entries)) {
            for (String id : List.of("good", "nul", "other", "mood")) {
                storage.repository(entries)
                        .save(new Entry(id, new BigDecimal("1.5"), null, null, Mood.GOOD, new Part("p")));
            }
        }
        if (table == Table.DOCUMENT) {
            execute(
                    "UPDATE entries SET body = '{\"id\":\"nul\",\"part\":{\"name\":\"\\u0000\"}}' WHERE id = 'nul'",
                    "UPDATE entries SET body = '{\"id\":\"good\"}' WHERE id = 'other'",
                    "UPDATE entries SET body = '{\"id\":\"mood\",\"mood\":\"NEITHER\"}' WHERE id = 'mood'");
        } else {
            execute(
                    "UPDATE entries SET part = '{\"name\":\"\\u0000\"}' WHERE id = 'nul'",
                    "UPDATE entries SET day = 'infinity' WHERE id = 'other'",
                    "UPDATE entries SET mood = 'NEITHER' WHERE id = 'mood'");
        }
        Map<String, String> before = everything();

        PreflightReport report = preflight(entries);

        assertThat(everything()).isEqualTo(before);
        assertThat(report.collections().get(0).databaseRecords()).isEqualTo(4);
        if (table == Table.DOCUMENT) {
            assertFound(Kind.RECORD_MALFORMED, "nul", "/part/name", "NUL");
            assertFound(Kind.ID_UNUSABLE, "other", "/id", "not the one the record is stored under");
        } else {
            assertFound(Kind.ROW_UNREADABLE, "nul", "/part/name", "NUL");
            assertFound(Kind.ROW_UNREADABLE, "other", "/day", "calendar date");
        }
        assertFound(Kind.CLASS_REFUSES, "mood", "/mood", "does not fit Entry");
        assertThat(report.count(Severity.REFUSED)).isEqualTo(3);
        assertThat(findings).allMatch(finding -> finding.store() == Store.POSTGRESQL);
    }

    @Test
    void aTableThatDoesNotFitIsAFindingAndItsRowsAreLeftAlone() throws Exception {
        execute("CREATE TABLE entries (id bigint PRIMARY KEY, owner text NOT NULL)");

        PreflightReport report = preflight(Table.COLUMNS.entries());

        assertFound(Kind.TABLE_MISMATCH, null, "", "expected text, found bigint");
        assertFound(Kind.TABLE_MISMATCH, null, "", "NOT NULL without a default");
        assertFound(Kind.NOT_READ, null, "", "were not looked at");
        assertThat(report.passed()).isFalse();
    }

    @Test
    void recordsInBothStoresHaveToBeEqualAsLongAsNoLedgerSaysWhichIsRight() throws Exception {
        file(GOOD, with("other", "\"mood\":\"GOOD\""), with("only json", "\"mood\":\"GOOD\""));
        execute(
                "CREATE TABLE entries (id text PRIMARY KEY, amount numeric, day date, token uuid, mood text, part json)",
                "INSERT INTO entries VALUES ('ok', 1.10, '2026-01-05', NULL, 'GOOD', '{\"name\": \"p\"}'),"
                        + " ('other', NULL, NULL, NULL, 'BAD', NULL), ('only rows', NULL, NULL, NULL, NULL, NULL)");
        Map<String, String> before = everything();

        PreflightReport report = preflight(Table.COLUMNS.entries());

        assertThat(everything()).isEqualTo(before);
        assertThat(report.collections().get(0).databaseRecords()).isEqualTo(3);
        assertFound(Kind.STORES_DIFFER, "other", "", "JSON has it otherwise");
        assertFound(Kind.STORES_DIFFER, "only rows", "", "only PostgreSQL has it");
        assertFound(Kind.STORES_DIFFER, "only json", "", "only JSON has it");
        assertThat(report.collections().get(0).count(Kind.STORES_DIFFER)).isEqualTo(3);
        assertFound(Kind.TABLE_MISSING, null, "", "lacks something");
    }

    @Test
    void aTableThatIsNotOursIsReadBeforeAndAfterItWasTakenIn() throws Exception {
        CollectionDefinition<Entry, String> entries = CollectionDefinition.of("entries", Entry.class, String.class)
                .table(TableLayout.columns().existingTable("theirs"))
                .build();
        execute(
                "CREATE TABLE theirs (id text PRIMARY KEY, amount numeric, day date, token uuid, mood text, part json)",
                "INSERT INTO theirs VALUES ('a', 1.10, NULL, NULL, 'GOOD', NULL), ('b', NULL, 'infinity', NULL, NULL, NULL)");

        preflight(entries);
        assertFound(Kind.ROW_UNREADABLE, "b", "/day", "calendar date");

        execute("UPDATE theirs SET day = NULL");
        try (SwitchoverStorage storage = open(Phase.DB_ONLY, entries)) {
            storage.repository(entries).save(new Entry("c", null, null, null, Mood.BAD, null));
        }
        findings.clear();
        PreflightReport report = preflight(entries);
        assertThat(report.passed()).as("%s", findings).isTrue();
        assertThat(report.collections().get(0).databaseRecords()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"JSON_ONLY", "JSON_PRIMARY", "DB_PRIMARY", "DB_ONLY"})
    void aServiceThatRunsIsNotDisturbedAndItsJournalIsRead(Phase phase) throws Exception {
        CollectionDefinition<Entry, String> entries = Table.COLUMNS.entries();
        try (SwitchoverStorage storage = open(phase, entries)) {
            for (int i = 0; i < 30; i++) {
                storage.repository(entries).save(new Entry("entry " + i, null, null, null, Mood.BAD, null));
            }
            PreflightReport report = preflight(entries);

            assertThat(report.passed()).isTrue();
            assertThat(findings).noneMatch(finding -> finding.severity() == Severity.REFUSED);
            PreflightReport.CollectionReport counted = report.collections().get(0);
            assertThat(phase.databasePhase() ? counted.databaseRecords() : counted.jsonRecords())
                    .isEqualTo(30);
            storage.repository(entries).save(new Entry("after", null, null, null, Mood.BAD, null));
        }
    }

    @Test
    void rowsBesideAnEmptyDirectoryAreNoDifference() throws Exception {
        CollectionDefinition<Entry, String> entries = Table.DOCUMENT.entries();
        try (SwitchoverStorage storage = open(Phase.DB_ONLY, entries)) {
            storage.repository(entries).save(new Entry("one", null, null, null, null, null));
        }
        directory = Files.createDirectory(directory.resolve("another"));

        PreflightReport report = preflight(entries);

        assertThat(report.passed()).as("%s", findings).isTrue();
        assertThat(report.collections().get(0).databaseRecords()).isEqualTo(1);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aFileEditedByHandBetweenTwoStartsIsLookedIntoRecordByRecord() throws Exception {
        CollectionDefinition<Entry, String> entries = Table.DOCUMENT.entries();
        file(GOOD);
        open(Phase.JSON_ONLY, entries).close();
        file(GOOD, with("bad", "\"part\":{\"name\":\"\\u0000\"}"), with("worse", "\"amount\":01"));
        Map<String, String> before = everything();

        preflight(entries);

        assertThat(everything()).isEqualTo(before);
        assertFound(Kind.RECORD_MALFORMED, "bad", "/part/name", "NUL");
        assertFound(Kind.RECORD_MALFORMED, "worse", "/amount", "leading zeros");
        assertThat(findings).noneMatch(finding -> finding.kind() == Kind.NOT_READ);
    }

    @Test
    void storesThatCannotBeReadAreFindings() throws Exception {
        CollectionDefinition<Entry, String> entries = Table.DOCUMENT.entries();
        file(GOOD);
        open(Phase.JSON_ONLY, entries).close();
        Files.writeString(directory.resolve(".switchover/checkpoint-entries-999"), "no checkpoint");

        PreflightReport report = Switchover.builder()
                .directory(directory)
                .environment(Map.of(
                        "DATABASE_URL",
                        "postgresql://user:secret@127.0.0.1:1/nobody",
                        "SWITCHOVER_CONNECTION_TIMEOUT",
                        "300ms"))
                .collection(entries)
                .preflight(findings::add);

        assertThat(report.passed()).isFalse();
        assertThat(findings)
                .filteredOn(finding -> finding.kind() == Kind.NOT_READ)
                .extracting(Finding::store)
                .containsExactlyInAnyOrder(Store.JSON, Store.POSTGRESQL);
        assertThat(report.toString()).contains("entries: 1 records in JSON").doesNotContain("secret");
    }

    @ParameterizedTest
    @EnumSource(Table.class)
    void realFilesPassAndTheirUnknownPropertiesAreCounted(Table table) throws Exception {
        Files.copy(DATA.resolve("movies-1980s.json"), directory.resolve("films.json"));
        Files.copy(DATA.resolve("earthquakes.json"), directory.resolve("quakes.json"));
        Map<String, String> before = everything();

        PreflightReport report = preflight(
                CollectionDefinition.of("films", Film.class, FilmId.class)
                        .table(table.layout)
                        .build(),
                CollectionDefinition.of("quakes", Quake.class, String.class)
                        .json(JsonLayout.array().in("/features"))
                        .table(table == Table.COLUMNS ? TableLayout.columns().flatten("properties") : table.layout)
                        .build());

        assertThat(everything()).isEqualTo(before);
        assertThat(report.passed()).as(report.toString()).isTrue();
        PreflightReport.CollectionReport quakes = report.collections().get(1);
        assertThat(quakes.jsonRecords()).isEqualTo(1_707);
        assertThat(findings)
                .filteredOn(finding -> finding.collection().equals("quakes"))
                .extracting(Finding::path)
                .contains("/geometry", "/properties/magType");
        assertThat(report.collections().get(0).count(Kind.PROPERTY_UNKNOWN)).isGreaterThan(1_000);
        assertThat(quakes.first()).hasSize(100);
        // The properties of a row come back in the class's order.
        assertThat(quakes.count(Kind.REWRITTEN)).isEqualTo(table == Table.COLUMNS ? 1_707 : 0);
    }

    private void assertFound(Kind kind, @Nullable String id, String path, String reason) {
        assertThat(findings).as("%s of %s", kind, findings).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(kind);
            assertThat(finding.id()).isEqualTo(id);
            assertThat(finding.path()).isEqualTo(path);
            assertThat(finding.reason()).contains(reason);
        });
    }

    private PreflightReport preflight(CollectionDefinition<?, ?>... definitions) {
        Switchover.Builder builder =
                Switchover.builder().directory(directory).environment(Map.of("DATABASE_URL", database.url()));
        for (CollectionDefinition<?, ?> definition : definitions) {
            builder.collection(definition);
        }
        return builder.preflight(findings::add);
    }

    private SwitchoverStorage open(Phase phase, CollectionDefinition<?, ?> definition) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DATABASE_URL", database.url());
        environment.put("FF_USE_DATABASE_STORAGE", String.valueOf(phase.databasePhase()));
        environment.put("FF_DUAL_WRITE_ENABLED", String.valueOf(phase.mirrored()));
        return Switchover.builder()
                .directory(directory)
                .environment(environment)
                .collection(definition)
                .open();
    }

    private static String with(String id, String member) {
        return "{\"id\":\"" + id + "\"," + member + "}";
    }

    private void file(String... records) throws IOException {
        Files.writeString(directory.resolve("entries.json"), "[\n  " + String.join(",\n  ", records) + "\n]\n");
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Every byte of the directory and every row of the database, system tables apart. */
    private Map<String, String> everything() throws Exception {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                content.put(
                        file.toString(),
                        Files.isRegularFile(file)
                                ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                                : "");
            }
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet row =
                    statement.executeQuery("SELECT oid::regclass::text || ' ' || relkind::text, relkind = 'r'"
                            + " FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1")) {
                while (row.next()) {
                    content.put(row.getString(1), "");
                    if (row.getBoolean(2)) {
                        tables.add(
                                row.getString(1).substring(0, row.getString(1).length() - 2));
                    }
                }
            }
            for (String table : tables) {
                try (ResultSet row = statement.executeQuery(
                        "SELECT coalesce(string_agg(ctid::text || xmin::text || t::text, ';' ORDER BY ctid), '') FROM "
                                + table + " t")) {
                    row.next();
                    content.put(table, row.getString(1));
                }
            }
        }
        return content;
    }
}
