package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.json.recovery.FileLook;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.MixedPhasesException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be started says so once and clearly, and nothing on disk has changed. */
class RefusedStartTest {

    private static final String FILE =
            "[{\"id\": 1, \"date\": \"2026-01-05\", \"category\": \"food\", \"amount\": 1.10," + " \"notes\": null}]";

    @TempDir
    Path directory;

    @Test
    void everyProblemOfTheConfigurationIsToldAtOnce() throws IOException {
        Files.writeString(directory.resolve("expenses.json"), FILE);
        Map<String, String> before = content();
        ServiceUnderTest service = new ServiceUnderTest(directory, "postgresql://user:s3cret@host:99999/db?nonsense=1");

        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> service.open(Map.of(
                        "FF_USE_DATABASE_STORAGE", "perhaps",
                        "FF_DUAL_WRITE_ENABLED_EXPENCES", "true",
                        "SWITCHOVER_MIRROR_TIMEOUT", "soon",
                        "SWITCHOVER_MIROR_MODE", "async")));

        assertThat(refused.problems())
                .anyMatch(problem -> problem.contains("FF_USE_DATABASE_STORAGE"))
                .anyMatch(problem -> problem.contains("EXPENCES"))
                .anyMatch(problem -> problem.contains("SWITCHOVER_MIRROR_TIMEOUT"))
                .anyMatch(problem -> problem.contains("SWITCHOVER_MIROR_MODE"))
                .anyMatch(problem -> problem.contains("nonsense") || problem.contains("99999"));
        assertThat(refused.getMessage()).doesNotContain("s3cret");
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void aFileThatIsTooLargeIsRefusedBeforeItIsRead() throws IOException {
        Path file = directory.resolve("notes.json");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write("[".getBytes(StandardCharsets.UTF_8));
            sparse.setLength(FileLook.LARGEST_FILE + 1);
        }
        StartRefusedException refused = catchThrowableOfType(
                StartRefusedException.class,
                () -> new ServiceUnderTest(directory, (String) null).open(Phase.JSON_ONLY));
        assertThat(refused.code()).isEqualTo("FILE-TOO-LARGE");
        assertThat(refused.getMessage())
                .contains("notes.json", String.valueOf(FileLook.LARGEST_FILE))
                .contains("Split the collection");
        assertThat(Files.size(file)).isEqualTo(FileLook.LARGEST_FILE + 1);
    }

    @ParameterizedTest
    @EnumSource(value = Phase.class, names = "JSON_ONLY", mode = EnumSource.Mode.EXCLUDE)
    void everyPhaseButJsonOnlyNeedsADatabase(Phase phase) {
        assertThatThrownBy(() -> new ServiceUnderTest(directory, (String) null).open(phase))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("DATABASE_URL");
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"id\": 1",
                "[{\"id\": 1}] trailing",
                "{\"id\": 1}",
                "[{\"id\": 1, \"id\": 2}]",
                "[{\"id\": 1}, {\"id\": 1}]",
                "[{\"id\": \"1\"}]",
                "[1]",
                ""
            })
    void aFileThatIsNotWhatItShouldBeIsRefusedAndStaysAsItIs(String text) throws IOException {
        Files.writeString(directory.resolve("expenses.json"), text);
        Files.writeString(directory.resolve("notes.json"), "[]");
        Map<String, String> before = content();

        assertThatThrownBy(() -> new ServiceUnderTest(directory, (String) null).open(Phase.JSON_ONLY))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("expenses.json");

        Map<String, String> after = content();
        after.keySet().removeIf(name -> name.startsWith(".switchover"));
        assertThat(after).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void aFirstStartWithBadRecordsNamesThemAndWritesNothing(Phase phase) throws IOException, SQLException {
        String bad = "[{\"id\": 1, \"notes\": \"\\u0000\"}, {\"id\": 2}, {\"id\": 2}]";
        Files.writeString(directory.resolve("expenses.json"), bad);
        try (TestDatabase database = TestDatabase.create()) {
            assertThatThrownBy(() -> new ServiceUnderTest(directory, database).open(phase))
                    .isInstanceOf(CorruptFileException.class)
                    .hasMessageContaining("2 things are wrong with it")
                    .hasMessageContaining("id 1, line 1")
                    .hasMessageContaining("at /notes: holds a NUL character")
                    .hasMessageContaining("id 2, line 1");

            assertThat(content()).containsOnlyKeys("expenses.json");
            assertThat(directory.resolve(".switchover")).doesNotExist();
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")) {
                row.next();
                assertThat(row.getInt(1)).as("tables and indexes").isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Phase.class, names = "JSON_ONLY", mode = EnumSource.Mode.EXCLUDE)
    void aFirstStartWithoutItsDatabaseLeavesNothingBehind(Phase phase) throws IOException {
        Files.writeString(directory.resolve("expenses.json"), FILE);
        ServiceUnderTest service = new ServiceUnderTest(directory, "postgresql://user:secret@127.0.0.1:1/nobody");

        assertThatThrownBy(() -> service.open(phase)).isInstanceOf(StartRefusedException.class);

        assertThat(content()).containsOnlyKeys("expenses.json");
        assertThat(directory.resolve(".switchover")).doesNotExist();
        assertThat(directory.resolve("expenses.json")).hasContent(FILE);
    }

    @Test
    void anExistingFileIsAdoptedAsItIs() throws IOException {
        Files.writeString(directory.resolve("expenses.json"), FILE);
        try (SwitchoverStorage storage = new ServiceUnderTest(directory, (String) null).open(Phase.JSON_ONLY)) {
            assertThat(storage.repository(EXPENSES).findAll()).hasSize(1);
        }
        assertThat(directory.resolve("expenses.json")).hasContent(FILE);
    }

    @Test
    void aUnitOfWorkOverTwoPrimariesIsRefusedBeforeItsFirstWrite() {
        try (TestDatabase database = TestDatabase.create();
                SwitchoverStorage storage = new ServiceUnderTest(directory, database)
                        .open(Map.of(
                                "FF_USE_DATABASE_STORAGE_NOTES", "true",
                                "FF_DUAL_WRITE_ENABLED", "true"))) {
            assertThatThrownBy(() -> storage.inUnitOfWork(work -> {
                        work.on(NOTES).create(new Note("a", "one"));
                        return work.on(EXPENSES).create(expense("1"));
                    }))
                    .isInstanceOf(MixedPhasesException.class);
            assertThat(storage.repository(NOTES).count()).isZero();
            assertThat(storage.repository(EXPENSES).count()).isZero();
        }
    }

    @Test
    void recordsOfAnotherDataSetAreRefused() {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest one = new ServiceUnderTest(directory.resolve("one"), database);
            one.open(Phase.DB_ONLY).close();
            try (SwitchoverStorage other =
                    new ServiceUnderTest(directory.resolve("two"), (String) null).open(Phase.JSON_ONLY)) {
                other.repository(NOTES).create(new Note("a", "of another data set"));
            }
            assertThatThrownBy(() -> new ServiceUnderTest(directory.resolve("two"), database).open(Phase.DB_PRIMARY))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("LINEAGE-DIFFERS");
        }
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = directory.relativize(file).toString();
                content.put(name, Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
            }
        }
        return content;
    }

    @Test
    void aMisspeltFlagStopsTheStartUnlessTheRealOneIsSetToo() {
        ServiceUnderTest service = new ServiceUnderTest(directory, (String) null);
        assertThatThrownBy(() -> service.open(Map.of("FF_DUAL_WRITE", "true")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("FF_DUAL_WRITE is no flag; did you mean FF_DUAL_WRITE_ENABLED?");
        assertThat(directory).isEmptyDirectory();
        service.open(Map.of("FF_DUAL_WRITE", "true", "FF_DUAL_WRITE_ENABLED", "false"))
                .close();
    }

    @Test
    void settingsOfTheJsonStoreThatMakeNoSenseAreToldWithTheOthers() {
        ServiceUnderTest service = new ServiceUnderTest(directory, (String) null)
                .set("SWITCHOVER_CHECKPOINT_DELAY", "1h")
                .set("SWITCHOVER_MIRROR_MODE", "never");
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> service.open(Phase.JSON_ONLY));
        assertThat(refused.problems()).hasSize(1).first().asString().contains("SWITCHOVER_MIRROR_MODE");
        assertThatThrownBy(() -> service.set("SWITCHOVER_MIRROR_MODE", "").open(Phase.JSON_ONLY))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SWITCHOVER_MAXIMUM_STALENESS");
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void aFileInPlaceOfTheDirectoryIsRefusedInEveryPhase(Phase phase) throws IOException {
        Path file = Files.writeString(directory.resolve("expenses.json"), FILE);
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(file, database);
            assertThatThrownBy(() -> service.open(phase))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("NOT-A-DIRECTORY")
                    .hasMessageContaining("Name the folder");
        }
        assertThat(file).hasContent(FILE);
    }
}
