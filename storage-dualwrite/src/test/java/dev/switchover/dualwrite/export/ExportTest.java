package dev.switchover.dualwrite.export;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static dev.switchover.dualwrite.ServiceUnderTest.flags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.BothStores;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {

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

    private void write(SwitchoverStorage storage, String... ids) {
        for (String id : ids) {
            storage.repository(NOTES).save(new Note(id, "text of " + id));
            storage.repository(EXPENSES).create(expense("1.10"));
        }
    }

    private String notes() throws IOException {
        return Files.readString(directory.resolve("notes.json"));
    }

    private LedgerEntry inJson() {
        CollectionSchema<?, ?> schema = CollectionSchema.of(NOTES);
        return JsonStore.openReadOnly(JsonSettings.of(directory), List.of(schema, CollectionSchema.of(EXPENSES)))
                .ledgerEntry(schema)
                .orElseThrow();
    }

    /** A service that went all the way, and wrote in DB_ONLY what JSON does not have. */
    private void serveInDatabaseOnly() {
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            write(storage, "a", "b");
            assertThat(storage.awaitInSync(LONG)).isTrue();
        }
        service.open(Phase.DB_PRIMARY).close();
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            write(storage, "c");
            storage.repository(NOTES).delete("a");
        }
    }

    @Test
    void inDatabaseOnlyTheFilesAreBroughtUpToDate() throws IOException {
        serveInDatabaseOnly();
        assertThat(notes()).contains("text of a").doesNotContain("text of c");
        Instant before = Instant.now();
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            ExportReport report = storage.export();
            assertThat(report.ownDirectory()).isTrue();
            assertThat(report.collections()).hasSize(2).allSatisfy(one -> {
                assertThat(one.from()).isEqualTo(Store.POSTGRESQL);
                assertThat(one.snapshot()).isBetween(before, Instant.now());
                assertThat(Path.of(one.file())).hasSize(one.bytes());
            });
            assertThat(ExportReport.fromJson(report.toJson())
                            .collections()
                            .get(0)
                            .sha256())
                    .isEqualTo(report.collections().get(0).sha256());
            assertThat(storage.lastExports())
                    .extracting(LastExport::collection, LastExport::ownDirectory, LastExport::records)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("expenses", true, 3L),
                            org.assertj.core.groups.Tuple.tuple("notes", true, 2L));
        }
        assertThat(notes()).contains("text of b", "text of c").doesNotContain("text of a");
        BothStores.assertEqual(directory, database.url(), List.of(EXPENSES, NOTES));
    }

    @Test
    void whatWasExportedIsACopyAndALaterStartBringsTheRest() {
        serveInDatabaseOnly();
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.export();
            write(storage, "d");
        }
        assertThat(inJson().state()).isEqualTo(State.MIRROR);
        assertThatThrownBy(() -> new ServiceUnderTest(directory, (String) null).open(Phase.JSON_ONLY))
                .as("alone it must not serve")
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("AUTHORITY-UNREACHABLE");
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            assertThat(storage.repository(NOTES).list(Query.all()))
                    .extracting(Note::id)
                    .containsExactly("b", "c", "d");
        }
    }

    @Test
    void anOperatorExportsBesideARunningService() throws IOException {
        serveInDatabaseOnly();
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY);
                Operator operator = service.operator(Phase.DB_ONLY)) {
            write(storage, "d");
            operator.export(List.of("notes"), LONG, RequestProgress.NONE);
            assertThat(notes()).contains("text of d");
            assertThat(operator.lastExports())
                    .extracting(LastExport::collection)
                    .containsExactly("notes");
        }
    }

    @Test
    void theHolderOfTheDirectoryExportsForTheOperator() throws IOException {
        serveInDatabaseOnly();
        // A checkpoint that would come by itself only in a day.
        service.set("SWITCHOVER_CHECKPOINT_DELAY", "12h").set("SWITCHOVER_MAXIMUM_STALENESS", "24h");
        try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY);
                Operator operator = service.operator(Phase.DB_PRIMARY)) {
            write(storage, "d");
            ExportReport report = operator.export(List.of(), LONG, RequestProgress.NONE);
            assertThat(report.collections()).allMatch(one -> one.from() == Store.POSTGRESQL);
            assertThat(notes()).contains("text of d");
        }
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY);
                Operator operator = service.operator(Phase.JSON_PRIMARY)) {
            write(storage, "e");
            ExportReport report = operator.export(List.of("notes"), LONG, RequestProgress.NONE);
            assertThat(report.collections()).allMatch(one -> one.from() == Store.JSON);
            assertThat(notes()).contains("text of e");
        }
    }

    @Test
    void anotherFolderGetsTheVeryFiles() throws IOException {
        serveInDatabaseOnly();
        Path folder = elsewhere.resolve("out");
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            ExportReport report = storage.exportTo(folder);
            assertThat(report.ownDirectory()).isFalse();
            assertThat(report.records()).isEqualTo(5);
            assertThat(Files.readString(folder.resolve("notes.json"))).contains("text of c");
            assertThat(notes()).as("the live folder is as it was").doesNotContain("text of c");
            storage.export();
            assertThat(folder.resolve("notes.json")).hasSameBinaryContentAs(directory.resolve("notes.json"));
            assertThat(folder.resolve("expenses.json")).hasSameBinaryContentAs(directory.resolve("expenses.json"));
            write(storage, "d");
            storage.exportTo(folder);
            assertThat(Files.readString(folder.resolve("notes.json"))).contains("text of d");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("notes.json"))))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "notes.json", "expenses.json", ".switchover-export.json", ".switchover-export.lock");
        }
    }

    @Test
    void inAJsonPhaseTheFilesThatLeadAreExported() throws IOException {
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY);
                Operator operator = service.operator(Phase.JSON_PRIMARY)) {
            write(storage, "a");
            ExportReport report = operator.exportTo(elsewhere.resolve("out"), List.of("notes"), RequestProgress.NONE);
            assertThat(report.collections()).allMatch(one -> one.from() == Store.JSON);
            assertThat(elsewhere.resolve("out/notes.json")).content().contains("text of a");
            assertThat(elsewhere.resolve("out/expenses.json")).doesNotExist();
        }
    }

    @Test
    void aLiveFolderIsNeverExportedTo() throws IOException {
        serveInDatabaseOnly();
        Path other = elsewhere.resolve("other");
        try (SwitchoverStorage live = new ServiceUnderTest(other, (String) null).open(Phase.JSON_ONLY)) {
            write(live, "theirs");
        }
        String theirs = Files.readString(other.resolve("notes.json"));
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            assertThatThrownBy(() -> storage.exportTo(other))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessageContaining("live folder");
            assertThatThrownBy(() -> storage.exportTo(other.resolve(".switchover/aside")))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessageContaining(".switchover");
            Path link = Files.createSymbolicLink(elsewhere.resolve("link"), other);
            assertThatThrownBy(() -> storage.exportTo(link)).isInstanceOf(RequestFailedException.class);
            assertThat(other.resolve("notes.json")).hasContent(theirs);

            Path own = Files.createSymbolicLink(elsewhere.resolve("own"), directory);
            assertThat(storage.exportTo(own).ownDirectory()).isTrue();
            assertThat(inJson().state()).isEqualTo(State.MIRROR);
        }
    }

    @Test
    void aFileThatNoExportWroteIsNotReplaced() throws IOException {
        serveInDatabaseOnly();
        Path folder = Files.createDirectory(elsewhere.resolve("out"));
        Files.writeString(folder.resolve("notes.json"), "somebody's");
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            assertThatThrownBy(() -> storage.exportTo(folder))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessageContaining("no export wrote it");
        }
        assertThat(folder.resolve("notes.json")).hasContent("somebody's");
        assertThat(folder.resolve("expenses.json")).doesNotExist();
    }

    @Test
    void anUnknownCollectionIsNamedWithThoseThereAre() {
        try (Operator operator = service.operator(Phase.JSON_PRIMARY)) {
            assertThatThrownBy(() -> operator.exportTo(elsewhere, List.of("nots"), RequestProgress.NONE))
                    .hasMessageContaining("nots")
                    .hasMessageContaining("expenses, notes");
        }
    }

    @Test
    void aDirectoryThatNeverSawTheDatabaseBecomesACopyAndKeepsItsFilesAside() throws IOException {
        serveInDatabaseOnly();
        Path fresh = Files.createDirectory(elsewhere.resolve("fresh"));
        Files.writeString(fresh.resolve("notes.json"), "[\n  {\"id\": \"x\", \"text\": \"old\"}\n]\n");
        Map<String, String> environment = new HashMap<>(flags(Phase.DB_ONLY));
        environment.put("DATABASE_URL", database.url());
        try (Operator operator = Switchover.builder()
                .directory(fresh)
                .environment(environment)
                .collection(EXPENSES)
                .collection(NOTES)
                .operator()) {
            operator.export(List.of(), LONG, RequestProgress.NONE);
        }
        assertThat(fresh.resolve("notes.json")).content().contains("text of c").doesNotContain("old");
        try (Stream<Path> aside = Files.list(fresh.resolve(".switchover/aside"))) {
            assertThat(aside).anySatisfy(file -> assertThat(file).content().contains("old"));
        }
    }

    @Test
    void whileJsonIsAnEditedCopyTheEditIsKeptAside() throws IOException {
        serveInDatabaseOnly();
        Files.writeString(directory.resolve("notes.json"), "[\n  {\"id\": \"b\", \"text\": \"edited\"}\n]\n");
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.export();
            assertThat(storage.repository(NOTES).list(Query.all())).hasSize(2);
        }
        assertThat(notes()).doesNotContain("edited").contains("text of b");
        try (Stream<Path> aside = Files.list(directory.resolve(".switchover/aside"))) {
            assertThat(aside).anySatisfy(file -> assertThat(file).content().contains("edited"));
        }
    }

    @Test
    void aDatabaseThatWentBackInTimeOverwritesNothing() throws Exception {
        serveInDatabaseOnly();
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.export();
        }
        String exported = notes();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM switchover_history WHERE token <> ''");
            statement.execute("DELETE FROM notes");
        }
        try (Operator operator = service.operator(Phase.DB_ONLY)) {
            assertThatThrownBy(() -> operator.export(List.of(), LONG, RequestProgress.NONE))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessageContaining("WENT-BACK-IN-TIME");
        }
        assertThat(notes()).isEqualTo(exported);
    }

    @Test
    void anOlderStateReplacesNoExportAndAnotherDataSetNeither() throws Exception {
        serveInDatabaseOnly();
        Path folder = elsewhere.resolve("emergency");
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.exportTo(folder);
            storage.exportTo(folder);
        }
        String exported = Files.readString(folder.resolve("notes.json"));
        try (TestDatabase other = TestDatabase.create();
                SwitchoverStorage theirs =
                        new ServiceUnderTest(elsewhere.resolve("theirs"), other).open(Phase.DB_ONLY)) {
            write(theirs, "theirs");
            assertThatThrownBy(() -> theirs.exportTo(folder)).hasMessageContaining("another data set");
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM notes");
            statement.execute("SELECT setval('switchover_version_notes', 1)");
        }
        try (Operator operator = service.operator(Phase.DB_ONLY)) {
            assertThatThrownBy(() -> operator.exportTo(folder, List.of(), RequestProgress.NONE))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessageContaining("went back in time");
            assertThat(folder.resolve("notes.json")).content().isEqualTo(exported);
            Files.delete(folder.resolve("notes.json"));
            operator.exportTo(folder, List.of(), RequestProgress.NONE);
        }
        assertThat(folder.resolve("notes.json")).content().isNotEqualTo(exported);
    }

    @Test
    void aDirectoryOfAnotherDataSetIsNotOverwritten() throws Exception {
        serveInDatabaseOnly();
        String before = notes();
        try (TestDatabase other = TestDatabase.create();
                SwitchoverStorage theirs =
                        new ServiceUnderTest(elsewhere.resolve("theirs"), other).open(Phase.DB_ONLY)) {
            write(theirs, "theirs");
            Map<String, String> environment = new HashMap<>(flags(Phase.DB_ONLY));
            environment.put("DATABASE_URL", other.url());
            try (Operator operator = Switchover.builder()
                    .directory(directory)
                    .environment(environment)
                    .collection(EXPENSES)
                    .collection(NOTES)
                    .operator()) {
                assertThatThrownBy(() -> operator.export(List.of(), LONG, RequestProgress.NONE))
                        .isInstanceOf(RequestFailedException.class)
                        .hasMessageContaining("not of one history");
            }
        }
        assertThat(notes()).isEqualTo(before);
    }
}
