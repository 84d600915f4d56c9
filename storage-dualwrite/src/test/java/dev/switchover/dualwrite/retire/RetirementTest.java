package dev.switchover.dualwrite.retire;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static dev.switchover.dualwrite.ServiceUnderTest.flags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.StorageStatus;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.backup.BackupCheck;
import dev.switchover.dualwrite.backup.BackupKind;
import dev.switchover.dualwrite.backup.Retention;
import dev.switchover.dualwrite.check.CheckReport;
import dev.switchover.dualwrite.plan.StartPlan;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetirementTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    private TestDatabase database;
    private ServiceUnderTest service;

    @BeforeEach
    void createDatabase() {
        database = TestDatabase.create();
        service = new ServiceUnderTest(directory, database);
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private Switchover.Builder builder(Phase phase) {
        Map<String, String> environment = new HashMap<>(flags(phase));
        environment.put("DATABASE_URL", database.url());
        return Switchover.builder()
                .environment(environment)
                .collection(EXPENSES)
                .collection(NOTES);
    }

    private RetireReport retire() {
        try (Operator operator = builder(Phase.DB_ONLY).directory(directory).operator()) {
            return operator.retire(elsewhere.resolve("archive"), LONG, RequestProgress.NONE);
        }
    }

    private void serveInDatabaseOnly() {
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(NOTES).save(new Note("a", "first"));
            storage.repository(EXPENSES).create(expense("1.10"));
            assertThat(storage.awaitInSync(LONG)).isTrue();
        }
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.repository(NOTES).save(new Note("b", "second"));
        }
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable start) {
        assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo("JSON-RETIRED"));
    }

    private List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theFilesGoIntoAnArchiveThatHasEverything() throws IOException {
        serveInDatabaseOnly();
        RetireReport report = retire();
        assertThat(report.left()).isEmpty();
        Path archive = Path.of(report.archive());
        assertThat(FileDigest.of(archive).sha256()).isEqualTo(report.sha256());
        assertThat(archive.resolveSibling(archive.getFileName() + ".sha256"))
                .hasContent(report.sha256() + "  " + archive.getFileName());
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            assertThat(new String(zip.getInputStream(zip.getEntry("notes.json")).readAllBytes()))
                    .contains("first", "second");
            assertThat(zip.getEntry("expenses.json")).isNotNull();
            assertThat(zip.getEntry("manifest.json")).isNotNull();
        }
        assertThat(files(directory)).noneMatch(name -> name.endsWith("notes.json") || name.contains("checkpoint"));
        assertThat(RetireReport.fromJson(report.toJson())).isEqualTo(report);
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_ONLY", "JSON_PRIMARY", "DB_PRIMARY"})
    void aStartOnAnEmptyDirectoryIsNoFirstContact(Phase phase) {
        serveInDatabaseOnly();
        retire();
        Path empty = elsewhere.resolve("empty");
        assertRefused(() -> builder(phase).directory(empty).open());
        assertThat(empty).as("nothing was begun").doesNotExist();
        assertRefused(() -> service.open(phase));
    }

    @Test
    void theDirectoryItselfRemembersWhereNoDatabaseIsNamed() {
        serveInDatabaseOnly();
        retire();
        assertRefused(() -> new ServiceUnderTest(directory, (String) null).open(Phase.JSON_ONLY));
        List<CollectionSchema<?, ?>> schemas = List.of(CollectionSchema.of(NOTES), CollectionSchema.of(EXPENSES));
        assertRefused(() -> JsonStore.open(JsonSettings.of(directory), schemas));
        assertRefused(() -> JsonStore.openReadOnly(JsonSettings.of(directory), schemas));
    }

    @Test
    void databaseOnlyRunsOnWithADirectoryOrWithout() throws IOException {
        serveInDatabaseOnly();
        retire();
        List<String> before = files(directory);
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.repository(NOTES).save(new Note("c", "third"));
        }
        assertThat(files(directory)).isEqualTo(before);
        try (SwitchoverStorage storage = builder(Phase.DB_ONLY).open()) {
            assertThat(storage.repository(NOTES).count(Query.all())).isEqualTo(3);
            assertThat(storage.status().collections()).allMatch(one -> one.serving());
            assertThatThrownBy(storage::export)
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessageContaining("no JSON directory");
            assertThat(storage.exportTo(elsewhere.resolve("out")).records()).isEqualTo(4);
        }
        Path gone = elsewhere.resolve("gone");
        builder(Phase.DB_ONLY).directory(gone).open().close();
        assertThat(gone).as("no directory is made").doesNotExist();
        assertThat(Path.of(".switchover-without-a-directory")).doesNotExist();
    }

    @Test
    void withoutADirectoryNothingElseIsServed() {
        assertThatThrownBy(() -> builder(Phase.JSON_PRIMARY).open())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("directory");
    }

    @Test
    void aSoundBackupIsMadeFirstAndNeverCleanedUp() {
        serveInDatabaseOnly();
        RetireReport report = retire();
        try (Operator operator = builder(Phase.DB_ONLY).directory(directory).operator()) {
            BackupCheck check = operator.backups().verify(report.backup());
            assertThat(check.sound()).isTrue();
            assertThat(check.records()).isEqualTo(3);
            assertThat(operator.backups().list().get(0).kind()).isEqualTo(BackupKind.BEFORE_RETIREMENT);
            operator.backups().clean(new Retention(OptionalInt.empty(), OptionalInt.of(0)), false);
            assertThat(Path.of(report.backup())).exists();
        }
    }

    @Test
    void whereNoBackupCanBeMadeNothingIsRetired() throws IOException {
        serveInDatabaseOnly();
        Path file = Files.createFile(elsewhere.resolve("a file"));
        try (Operator operator = builder(Phase.DB_ONLY)
                .directory(directory)
                .backups(settings -> settings.withFolder(file))
                .operator()) {
            assertThatThrownBy(() -> operator.retire(elsewhere.resolve("archive"), LONG, RequestProgress.NONE))
                    .hasMessageContaining("backup");
        }
        assertThat(directory.resolve("notes.json")).exists();
        service.open(Phase.DB_PRIMARY).close();
    }

    @Test
    void afterwardsAnOperatorFindsEverythingInOrder() {
        serveInDatabaseOnly();
        retire();
        try (Operator operator = builder(Phase.DB_ONLY).directory(directory).operator()) {
            assertThat(operator.status().stores())
                    .extracting(StorageStatus.StoreHealth::health)
                    .containsExactly(StorageStatus.Health.RETIRED, StorageStatus.Health.OK);
            assertThat(operator.check().worst()).isIn(CheckReport.State.OK, CheckReport.State.WARNING);
            assertThat(operator.plan().collections())
                    .extracting(StartPlan.Collection::step)
                    .containsOnly(StartPlan.Step.SERVE);
            assertThat(operator.backups().create(BackupKind.MANUAL, List.of()).records())
                    .isEqualTo(3);
        }
        assertThat(builder(Phase.DB_ONLY)
                        .directory(directory)
                        .preflight(finding -> {})
                        .passed())
                .isTrue();
        try (Operator operator = builder(Phase.DB_ONLY).operator()) {
            assertThat(operator.plan().refused()).as("without a directory").isFalse();
            assertThat(operator.status().collections()).allMatch(one -> one.serving());
        }
        try (Operator operator = builder(Phase.DB_PRIMARY).directory(directory).operator()) {
            assertThat(operator.plan().collections())
                    .extracting(StartPlan.Collection::code)
                    .containsOnly("JSON-RETIRED");
        }
    }

    @Test
    void anExportMakesJsonACopyAgain() throws IOException {
        serveInDatabaseOnly();
        retire();
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.repository(NOTES).save(new Note("c", "third"));
            try (Operator operator = builder(Phase.DB_ONLY).directory(directory).operator()) {
                assertThatThrownBy(() -> operator.export(List.of("notes"), LONG, RequestProgress.NONE))
                        .hasMessageContaining("all collections");
                operator.export(List.of(), LONG, RequestProgress.NONE);
            }
        }
        assertThat(Files.readString(directory.resolve("notes.json"))).contains("first", "second", "third");
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            assertThat(storage.repository(NOTES).list(Query.all()))
                    .extracting(Note::id)
                    .containsExactly("a", "b", "c");
        }
    }

    @Test
    void anExportIntoAnEmptyDirectoryDoesTheSame() {
        serveInDatabaseOnly();
        retire();
        Path fresh = elsewhere.resolve("fresh");
        try (Operator operator = builder(Phase.DB_ONLY).directory(fresh).operator()) {
            operator.export(List.of(), LONG, RequestProgress.NONE);
        }
        try (SwitchoverStorage storage =
                builder(Phase.JSON_PRIMARY).directory(fresh).open()) {
            assertThat(storage.repository(NOTES).list(Query.all()))
                    .extracting(Note::id)
                    .containsExactly("a", "b");
        }
    }

    @Test
    void whatIsNotInDatabaseOnlyIsNotRetired() throws IOException {
        serveInDatabaseOnly();
        for (Phase phase : List.of(Phase.DB_PRIMARY, Phase.JSON_PRIMARY)) {
            List<String> before;
            try (SwitchoverStorage storage = service.open(phase)) {
                before = files(directory);
                assertThatThrownBy(this::retire).isInstanceOf(RequestFailedException.class);
            }
            assertThatThrownBy(this::retire).as("closed, in " + phase).isInstanceOf(RequestFailedException.class);
            assertThat(directory.resolve("notes.json")).exists();
            assertThat(before).isNotEmpty();
        }
        assertThat(elsewhere.resolve("archive")).doesNotExist();
    }

    @Test
    void aRetirementThatWasBrokenOffIsGoneOnWith() throws IOException {
        serveInDatabaseOnly();
        RetireReport first = retire();
        // As if it had been killed before it deleted anything.
        try (ZipFile zip = new ZipFile(first.archive())) {
            Files.write(
                    directory.resolve("notes.json"),
                    zip.getInputStream(zip.getEntry("notes.json")).readAllBytes());
        }
        Files.writeString(directory.resolve("expenses.json"), "[]");
        RetireReport again = retire();
        assertThat(again.archive()).isEqualTo(first.archive());
        assertThat(again.left()).as("changed since").containsExactly("expenses.json");
        assertThat(directory.resolve("notes.json")).doesNotExist();
        assertThat(directory.resolve("expenses.json")).hasContent("[]");
    }

    @Test
    void anotherDatabaseDoesNotMakeItDeleteAnything() throws IOException {
        serveInDatabaseOnly();
        retire();
        Files.writeString(directory.resolve("notes.json"), "[]");
        try (TestDatabase other = TestDatabase.create()) {
            new ServiceUnderTest(elsewhere.resolve("theirs"), other)
                    .open(Phase.DB_ONLY)
                    .close();
            Map<String, String> environment = new HashMap<>(flags(Phase.DB_ONLY));
            environment.put("DATABASE_URL", other.url());
            try (Operator operator = Switchover.builder()
                    .directory(directory)
                    .environment(environment)
                    .collection(EXPENSES)
                    .collection(NOTES)
                    .operator()) {
                assertThatThrownBy(() -> operator.retire(elsewhere, LONG, RequestProgress.NONE))
                        .isInstanceOf(RequestFailedException.class)
                        .hasMessageContaining("does not");
            }
        }
        assertThat(directory.resolve("notes.json")).exists();
    }
}
